using System.Collections.Concurrent;
using NodaTime;
using Npgsql;

namespace LeadLedger.Staff.Frame;

/// <summary>
/// Keeps what costs a moment to count for a minute, so that twenty open pages ask once. For some minutes more the last count is shown while it
/// is counted again, so that nobody waits for it.
/// </summary>
/// <typeparam name="T">What is counted.</typeparam>
public sealed class MinuteCache<T>
{
    private const int Most = 200;
    private static readonly Duration Fresh = Duration.FromMinutes(1);
    private static readonly Duration Usable = Duration.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Place> _places = new(StringComparer.Ordinal);

    /// <param name="tenants">Of which businesses.</param>
    /// <param name="now">Now.</param>
    /// <param name="count">Counts; it may go on after this request has been answered.</param>
    public async Task<T> GetAsync(IReadOnlyList<string> tenants, Instant now, Func<Task<T>> count)
    {
        if (_places.Count >= Most)
        {
            _places.Clear();
        }

        var place = _places.GetOrAdd(string.Join('\n', tenants), _ => new Place());
        if (place.Latest is not { } latest || now < latest.At || now - latest.At >= Usable)
        {
            var value = await count();
            place.Latest = new Counted(now, value);
            return value;
        }

        if (now - latest.At >= Fresh && Interlocked.Exchange(ref place.Counting, 1) == 0)
        {
            _ = AgainAsync(place, now, count);
        }

        return latest.Value;
    }

    private static async Task AgainAsync(Place place, Instant now, Func<Task<T>> count)
    {
        try
        {
            place.Latest = new Counted(now, await count());
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or ObjectDisposedException)
        {
            // The database is away or the service stops: the last count stays until it is too old.
        }
        finally
        {
            Interlocked.Exchange(ref place.Counting, 0);
        }
    }

    private sealed record Counted(Instant At, T Value);

    private sealed class Place
    {
        public volatile Counted? Latest;
        public int Counting;
    }
}
