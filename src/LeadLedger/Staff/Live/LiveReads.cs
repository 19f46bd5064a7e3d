using System.Collections.Concurrent;
using LeadLedger.Hosting;
using NodaTime;

namespace LeadLedger.Staff.Live;

/// <summary>
/// What open pages read when they refresh themselves: all are told of the same change at once and ask the same, so the first reading since then
/// is everybody's, for at most a second. A page that somebody opens reads for itself: it shows what its own press has just done.
/// </summary>
public sealed class LiveReads(LiveFeed feed, IClock clock)
{
    private const int Most = 500;

    private static readonly Duration Kept = Duration.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Place> _places = new(StringComparer.Ordinal);

    /// <summary>Whether a page fetched itself again, which its script does.</summary>
    public static bool IsRefresh(HttpContext http) => http.Request.Headers.ContainsKey("X-Live");

    /// <summary>What is read for the businesses in sight, by this request or by another one just now.</summary>
    /// <typeparam name="T">What is read; several requests hold it at once, so it must not be changed.</typeparam>
    /// <param name="http">The page's request.</param>
    /// <param name="what">What is asked, with all its values.</param>
    /// <param name="read">Reads it.</param>
    public async Task<T> OfAsync<T>(HttpContext http, string what, Func<Task<T>> read)
    {
        // Without the feed nobody would say that a reading is out of date.
        if (!IsRefresh(http) || feed.Open == 0)
        {
            return await read();
        }

        var scope = ApiScope.Of(http);
        var place = _places.GetOrAdd($"{scope.Caller.Role}\n{string.Join(',', scope.Tenants)}\n{what}", _ => new Place());
        await place.Turn.WaitAsync(http.RequestAborted);
        try
        {
            var (told, now) = (feed.Told, clock.GetCurrentInstant());
            if (place.Latest is { } latest && latest.Told == told && now >= latest.At && now - latest.At < Kept)
            {
                return (T)latest.Value!;
            }

            var value = await read();
            place.Latest = new Reading(told, now, value);
            Forget(now);
            return value;
        }
        finally
        {
            place.Turn.Release();
        }
    }

    // A page of a list or a lead that nobody looks at any more is not kept.
    private void Forget(Instant now)
    {
        if (_places.Count < Most)
        {
            return;
        }

        foreach (var (key, place) in _places)
        {
            if (place.Latest is { } latest && now - latest.At >= Kept)
            {
                _places.TryRemove(key, out _);
            }
        }
    }

    private sealed record Reading(long Told, Instant At, object? Value);

    private sealed class Place
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public volatile Reading? Latest;
    }
}
