using System.Collections.Concurrent;
using NodaTime;

namespace LeadLedger.Staff.Frame;

/// <summary>Keeps what costs a moment to count for a minute, so that twenty open pages ask once.</summary>
/// <typeparam name="T">What is counted.</typeparam>
public sealed class MinuteCache<T>
{
    private const int Most = 200;
    private static readonly Duration Kept = Duration.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (Instant At, T Value)> _values = new(StringComparer.Ordinal);

    public async Task<T> GetAsync(IReadOnlyList<string> tenants, Instant now, Func<Task<T>> count)
    {
        var key = string.Join('\n', tenants);
        if (_values.TryGetValue(key, out var kept) && now - kept.At < Kept && now >= kept.At)
        {
            return kept.Value;
        }

        var value = await count();
        if (_values.Count >= Most)
        {
            _values.Clear();
        }

        _values[key] = (now, value);
        return value;
    }
}
