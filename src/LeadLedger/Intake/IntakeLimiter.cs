using System.Collections.Concurrent;
using NodaTime;

namespace LeadLedger.Intake;

/// <summary>
/// Counts posts in whole minutes, by caller and by form (ING-40). Kept in memory on purpose: it protects this process, and what it
/// refuses was never accepted. The framework's limiter reads its own clock, which tests could not move.
/// </summary>
public sealed class IntakeLimiter(IClock clock)
{
    private const int MostKeys = 100_000;

    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private long _minute;

    /// <summary>Counts one post under a key.</summary>
    /// <returns>Seconds to wait when it is one too many; null when it may pass.</returns>
    public int? Count(string key, int perMinute)
    {
        var now = clock.GetCurrentInstant().ToUnixTimeSeconds();
        var minute = now / 60;
        if (Interlocked.Exchange(ref _minute, minute) != minute || _counts.Count > MostKeys)
        {
            _counts.Clear();
        }

        return _counts.AddOrUpdate(key, 1, static (_, count) => count + 1) > perMinute ? (int)(60 - (now % 60)) : null;
    }
}
