using System.Diagnostics;
using LeadLedger.EventStore.Writing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LeadLedger.EventStore.Outbox;

/// <summary>
/// Runs the dispatcher when this process enqueued work or finished some, and every quarter second for the rest; under load not more often than
/// <see cref="OutboxTiming.Pace"/>. When the service begins to stop it claims nothing more; what it is calling then has
/// <see cref="OutboxTiming.Finish"/> to end.
/// </summary>
public sealed partial class OutboxWorker(
    OutboxDispatcher dispatcher, LedgerWriter writer, NodeClock nodeClock, OutboxTiming timing, IHostApplicationLifetime lifetime,
    ILogger<OutboxWorker> log)
    : BackgroundService
{
    private readonly SemaphoreSlim _woken = new(0, 1);
    private readonly CancellationTokenSource _calls = new();

    public override void Dispose()
    {
        base.Dispose();
        _woken.Dispose();
        _calls.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        writer.WorkEnqueued += Wake;
        dispatcher.PlaceFreed += Wake;
        try
        {
            await timing.Begin.WaitAsync(stopping.Token);
            await LoopAsync(stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }

        writer.WorkEnqueued -= Wake;
        dispatcher.PlaceFreed -= Wake;
        await DrainAsync();
    }

    private async Task LoopAsync(CancellationToken stopping)
    {
        long? recovered = null;
        using var pace = new ClaimPace(timing.Pace.ToTimeSpan());
        while (!stopping.IsCancellationRequested)
        {
            var worked = await TryAsync(async () =>
            {
                // Before every claim: a clock that was set a moment ago would make everything due, or end every lease.
                if (nodeClock.IsDue)
                {
                    await CompareClocksAsync(stopping);
                }

                if (nodeClock.IsWrong)
                {
                    return 0;
                }

                if (IsDue(ref recovered, timing.Recovery.ToTimeSpan()))
                {
                    await dispatcher.RecoverAsync(stopping);
                }

                return (await pace.AfterRestAsync(() => dispatcher.StartDueAsync(_calls.Token), stopping)).Count;
            });
            if (worked is not > 0)
            {
                await _woken.WaitAsync((worked is null ? timing.PollWhenAway : timing.Poll).ToTimeSpan(), stopping);
            }
        }
    }

    private async Task CompareClocksAsync(CancellationToken stopping)
    {
        var wasWrong = nodeClock.IsWrong;
        var agrees = await nodeClock.AgreesAsync(stopping);
        if (!agrees && !wasWrong)
        {
            LogClock(log, nodeClock.Ahead!.Value.TotalSeconds);
        }
        else if (agrees && wasWrong)
        {
            LogClockRight(log);
        }
    }

    private async Task DrainAsync()
    {
        try
        {
            await dispatcher.DrainAsync(timing.Finish.ToTimeSpan(), _calls);
        }
        catch (Exception exception)
        {
            // The database is away too: what is left is looked after when its lease ends.
            LogAway(log, exception.Message);
        }
    }

    private async Task<int?> TryAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogAway(log, exception.Message);
            return null;
        }
    }

    private static bool IsDue(ref long? last, TimeSpan interval)
    {
        if (last is { } before && Stopwatch.GetElapsedTime(before) < interval)
        {
            return false;
        }

        last = Stopwatch.GetTimestamp();
        return true;
    }

    private void Wake()
    {
        try
        {
            if (_woken.CurrentCount == 0)
            {
                _woken.Release();
            }
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // Another commit woke it in the same moment, or it has stopped.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Due work cannot be claimed: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "This machine's clock is {Seconds} seconds ahead of the database's: no work is claimed until they agree within 2 seconds. Set the clock; it is compared every second")]
    private static partial void LogClock(ILogger logger, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This machine's clock agrees with the database's again: work is claimed")]
    private static partial void LogClockRight(ILogger logger);
}
