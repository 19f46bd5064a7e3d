using LeadLedger.Hosting;
using LeadLedger.Reading;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace LeadLedger.Staff.Frame;

/// <summary>How long the acknowledgements of the last 24 hours took.</summary>
/// <param name="Bands">How many took up to how long, in order; the last band has no end.</param>
/// <param name="Count">All of them.</param>
/// <param name="Median">Half took no longer; null without any.</param>
/// <param name="NinetyFifth">19 of 20 took no longer.</param>
/// <param name="Longest">The slowest.</param>
public sealed record LatencyCounts(IReadOnlyList<LatencyBand> Bands, int Count, Duration? Median, Duration? NinetyFifth, Duration? Longest);

/// <summary>Acknowledgements that took up to <paramref name="Until"/>; null has no end.</summary>
public sealed record LatencyBand(string Label, Duration? Until, int Count);

/// <summary>
/// From the instant at which an acknowledgement was permitted until the provider had taken it, for the last 24 hours. Read from the leads of
/// the last two days through their index: one that waited for the morning was permitted in the morning.
/// </summary>
public sealed class LatencyFigures(NpgsqlDataSource database, IClock clock)
{
    private const int MostLeads = 20_000;

    private static readonly (string Label, Duration? Until)[] Edges =
    [
        ("1 s", Duration.FromSeconds(1)), ("2 s", Duration.FromSeconds(2)), ("5 s", Duration.FromSeconds(5)), ("10 s", Duration.FromSeconds(10)),
        ("30 s", Duration.FromSeconds(30)), ("60 s", Duration.FromSeconds(60)), ("5 min", Duration.FromMinutes(5)), ("longer", null),
    ];

    private static readonly string Sql =
        $"""
        select m.value ->> 'permittedAt', m.value ->> 'acceptedAt'
        from (select l.data -> 'messages' as messages from mt_doc_leadview l
              where l.tenant_id = any($1) and l.data ->> 'lastInquiryAt' >= $2
              order by l.data ->> 'lastInquiryAt' desc limit {MostLeads}) d
        cross join lateral jsonb_array_elements(d.messages) as m(value)
        where m.value ->> 'purpose' = 'acknowledgement' and m.value ->> 'acceptedAt' >= $3
        """;

    private readonly MinuteCache<LatencyCounts> _cache = new();

    public Task<LatencyCounts> ReadAsync(HttpContext http)
    {
        var tenants = ApiScope.Of(http).Tenants;
        return _cache.GetAsync(tenants, clock.GetCurrentInstant(), () => CountAsync(tenants, CancellationToken.None));
    }

    internal static LatencyCounts Of(IEnumerable<Duration> took)
    {
        var all = took.Order().ToArray();
        var bands = new List<LatencyBand>(Edges.Length);
        var from = Duration.MinValue;
        foreach (var (label, until) in Edges)
        {
            var end = until ?? Duration.MaxValue;
            bands.Add(new LatencyBand(label, until, all.Count(each => each > from && each <= end)));
            from = end;
        }

        Duration? At(double share) => all.Length == 0 ? null : all[Math.Max(0, (int)Math.Ceiling(all.Length * share) - 1)];
        return new LatencyCounts(bands, all.Length, At(0.5), At(0.95), At(1));
    }

    private async Task<LatencyCounts> CountAsync(string[] tenants, CancellationToken cancellation)
    {
        var now = clock.GetCurrentInstant();
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = tenants });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = StoredText.Of(now - Duration.FromDays(2)) });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = StoredText.Of(now - Duration.FromDays(1)) });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var took = new List<Duration>();
        while (await reader.ReadAsync(cancellation))
        {
            if (At(reader.GetString(0)) is { } permitted && At(reader.GetString(1)) is { } accepted)
            {
                took.Add(Duration.Max(Duration.Zero, accepted - permitted));
            }
        }

        return Of(took);
    }

    private static Instant? At(string text) => InstantPattern.ExtendedIso.Parse(text) is { Success: true, Value: var at } ? at : null;
}
