using LeadLedger.Hosting;
using LeadLedger.Reading;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace LeadLedger.Staff.Frame;

/// <summary>Inquiries of one line or form.</summary>
/// <param name="Business">The business.</param>
/// <param name="Key">A line's number, <c>form:</c> and a form's id, or another source by name.</param>
/// <param name="Hours">Inquiries in each of the last 24 hours, oldest first; the last hour is the running one.</param>
/// <param name="Normal">The mean of the same hour on the seven days before.</param>
/// <param name="LastAt">The latest inquiry of the last eight days.</param>
public sealed record SourceHours(string Business, string Key, IReadOnlyList<int> Hours, IReadOnlyList<double> Normal, Instant? LastAt);

/// <summary>
/// Counts inquiries by source and hour: a source that fell silent shows beside what is normal at this hour. Read from the leads of the last
/// eight days through their index; a lead remembers its ten latest inquiries, so somebody who calls more often than that counts ten times.
/// </summary>
public sealed class SourceFigures(NpgsqlDataSource database, IClock clock)
{
    public const int HoursShown = 24;
    private const int DaysBefore = 7;
    private const int MostLeads = 50_000;

    private static readonly string Sql =
        $"""
        select distinct d.tenant_id, q.value ->> 'id', q.value ->> 'at', q.value ->> 'line', q.value ->> 'formId', q.value ->> 'kind'
        from (select l.tenant_id, l.data -> 'inquiries' as inquiries from mt_doc_leadview l
              where l.tenant_id = any($1) and l.data ->> 'lastInquiryAt' >= $2
              order by l.data ->> 'lastInquiryAt' desc limit {MostLeads}) d
        cross join lateral jsonb_array_elements(d.inquiries) as q(value)
        where q.value ->> 'at' >= $2
        """;

    private readonly MinuteCache<IReadOnlyList<SourceHours>> _cache = new();

    public Task<IReadOnlyList<SourceHours>> ReadAsync(HttpContext http)
    {
        var tenants = ApiScope.Of(http).Tenants;
        return _cache.GetAsync(tenants, clock.GetCurrentInstant(), () => CountAsync(tenants, CancellationToken.None));
    }

    /// <summary>Which of the last hours an instant falls into; null for another time, negative days ago are days before.</summary>
    internal static (int Day, int Hour)? PlaceOf(Instant at, Instant now)
    {
        var hourEnd = Instant.FromUnixTimeSeconds(((now.ToUnixTimeSeconds() / 3600) + 1) * 3600);
        var back = (long)Math.Ceiling((hourEnd - at).TotalSeconds / 3600) - 1;
        return back is < 0 or >= HoursShown * (DaysBefore + 1) ? null : ((int)(back / HoursShown), HoursShown - 1 - (int)(back % HoursShown));
    }

    private async Task<IReadOnlyList<SourceHours>> CountAsync(string[] tenants, CancellationToken cancellation)
    {
        var now = clock.GetCurrentInstant();
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = tenants });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = StoredText.Of(now - Duration.FromDays(DaysBefore + 1)) });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var counts = new Dictionary<(string Business, string Key), Tally>();
        while (await reader.ReadAsync(cancellation))
        {
            if (InstantPattern.ExtendedIso.Parse(reader.GetString(2)) is not { Success: true, Value: var at })
            {
                continue;
            }

            var source = reader.IsDBNull(4) ? reader.IsDBNull(3) ? reader.GetString(5) : reader.GetString(3) : $"form:{reader.GetString(4)}";
            var key = (reader.GetString(0), source);
            var tally = counts.TryGetValue(key, out var known) ? known : counts[key] = new Tally();
            tally.Add(at, PlaceOf(at, now));
        }

        return [.. counts.OrderBy(entry => entry.Key).Select(entry => new SourceHours(
            entry.Key.Business, entry.Key.Key, entry.Value.Hours, [.. entry.Value.Before.Select(count => (double)count / DaysBefore)], entry.Value.Last))];
    }

    private sealed class Tally
    {
        public int[] Hours { get; } = new int[HoursShown];

        public int[] Before { get; } = new int[HoursShown];

        public Instant? Last { get; private set; }

        public void Add(Instant at, (int Day, int Hour)? place)
        {
            Last = Last is { } last && last > at ? last : at;
            if (place is (0, var hour))
            {
                Hours[hour]++;
            }
            else if (place is (_, var before))
            {
                Before[before]++;
            }
        }
    }
}
