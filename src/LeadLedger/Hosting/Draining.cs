namespace LeadLedger.Hosting;

/// <summary>
/// The order of a stop: first say that no more requests should come and keep taking them, so that a load balancer can turn away;
/// then finish the requests under way, within a bound. What the requests write through is stopped after them.
/// </summary>
public sealed class Draining(IHostApplicationLifetime lifetime, StopWait wait) : IHostedLifecycleService, IDisposable
{
    /// <summary>How long requests under way may still take once nothing more is accepted.</summary>
    public static readonly TimeSpan RequestsFinish = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _requestsEnd = new();

    /// <summary>Whether this process asks to be left out.</summary>
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Is cancelled when the requests that are still under way are cut off.</summary>
    public CancellationToken RequestsEnd => _requestsEnd.Token;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (wait.Length > TimeSpan.Zero)
        {
            using var timer = new PeriodicTimer(wait.Length);
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        _requestsEnd.CancelAfter(RequestsFinish);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _requestsEnd.Dispose();
}

/// <summary>How long the service still takes requests after it said that it stops.</summary>
public sealed record StopWait(TimeSpan Length);
