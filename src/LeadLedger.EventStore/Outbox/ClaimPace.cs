using System.Diagnostics;

namespace LeadLedger.EventStore.Outbox;

/// <summary>
/// Keeps claims from taking the database's time: after each there is a rest of <paramref name="least"/> or of four times what it took, at most two
/// seconds. One claim then takes what many commits and freed places would have claimed one by one, and a claim that reads past a
/// hundred thousand held rows takes a fifth of one core. The first one after a rest waits for nothing.
/// </summary>
internal sealed class ClaimPace(TimeSpan least) : IDisposable
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(2);

    // Never released: only time ends the wait.
    private readonly SemaphoreSlim _rested = new(0, 1);

    private TimeSpan _rest;
    private long _ended;

    public async Task<T> AfterRestAsync<T>(Func<Task<T>> claim, CancellationToken cancellation)
    {
        var left = _rest - Stopwatch.GetElapsedTime(_ended);
        if (left > TimeSpan.Zero)
        {
            await _rested.WaitAsync(left, cancellation);
        }

        var began = Stopwatch.GetTimestamp();
        try
        {
            return await claim();
        }
        finally
        {
            _rest = Rest(Stopwatch.GetElapsedTime(began));
            _ended = Stopwatch.GetTimestamp();
        }
    }

    public void Dispose() => _rested.Dispose();

    private TimeSpan Rest(TimeSpan took) => took * 4 < least ? least : took * 4 < Most ? took * 4 : Most;
}
