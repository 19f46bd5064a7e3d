using NodaTime;

namespace LeadLedger.Pausing;

/// <summary>
/// Failures in a row, by business and scope, as this process saw them. Only a hint: what is paused stands in the database, so losing the
/// counts loses nothing but a few attempts.
/// </summary>
public sealed class FailureCounts
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Business, string Scope), List<Instant>> _failures = [];

    /// <summary>Counts a failure.</summary>
    /// <returns>Whether there have been enough to open the breaker.</returns>
    public bool Add(string business, string scope, BreakerRules rules, Instant now)
    {
        lock (_lock)
        {
            if (!_failures.TryGetValue((business, scope), out var failures))
            {
                _failures[(business, scope)] = failures = [];
            }

            failures.RemoveAll(at => now - at > rules.Window);
            failures.Add(now);
            return failures.Count >= rules.Failures;
        }
    }

    /// <summary>The provider did its work, or the breaker has opened: counting begins again.</summary>
    public void Clear(string business, string scope)
    {
        lock (_lock)
        {
            _failures.Remove((business, scope));
        }
    }
}
