using System.Text;
using LeadLedger.EventStore;
using LeadLedger.Hosting;
using NodaTime;
using Npgsql;

namespace LeadLedger.Staff.Frame;

/// <summary>What an auditor looks for; whatever is null does not matter.</summary>
/// <param name="Type">The stored name of the event.</param>
/// <param name="Actor">Whoever brought it about, as it is stored.</param>
/// <param name="Stream">A lead or call.</param>
/// <param name="From">Recorded at or after.</param>
/// <param name="Until">Recorded before.</param>
/// <param name="Before">Only positions before this one: where the page before ended.</param>
public sealed record EventQuery(string? Type, string? Actor, Guid? Stream, Instant? From, Instant? Until, long? Before);

/// <summary>One event as the search shows it.</summary>
public sealed record FoundEvent(
    long Position, string Business, Guid Stream, long Version, string Type, byte[] Data, Instant RecordedAt, string Actor, string Hash, string? StreamType);

/// <summary>A page of what was found, newest first.</summary>
/// <param name="Items">At most <see cref="EventSearch.Most"/>.</param>
/// <param name="Next">Where the next page begins; null at the beginning of the ledger.</param>
/// <param name="Searched">How far back this page looked; null when it stopped because it was full.</param>
public sealed record FoundEvents(IReadOnlyList<FoundEvent> Items, long? Next, Instant? Searched);

/// <summary>
/// Searches every event by its place. Positions follow time closely, so a day is found by halving; one page reads a bounded stretch of the
/// ledger, so that a rare type costs several presses instead of one endless query.
/// </summary>
public sealed class EventSearch(NpgsqlDataSource database, IClock clock)
{
    public const int Most = 50;
    private const long Stretch = 20_000;

    // Numbers are given before the commit; two events of the same moment can stand this far apart.
    private const long Slack = 2_000;

    private readonly MinuteCache<IReadOnlyDictionary<string, (string Version, Instant At)>> _policies = new();

    public async Task<FoundEvents> FindAsync(HttpContext http, EventQuery query)
    {
        var cancellation = http.RequestAborted;
        var end = await LastAsync(cancellation) + 1;
        var begin = query.From is { } from ? Math.Max(0, await PlaceOfAsync(from, end, cancellation) - Slack) : 0;
        if (query.Until is { } until)
        {
            end = Math.Min(end, await PlaceOfAsync(until, end, cancellation) + Slack);
        }

        end = Math.Min(end, query.Before ?? end);
        var floor = query.Stream is null ? Math.Max(begin, end - Stretch) : begin;
        var found = await ReadAsync(ApiScope.Of(http).Tenants, query, floor, end, cancellation);
        if (found.Count > Most)
        {
            found.RemoveAt(Most);
            return new FoundEvents(found, found[^1].Position, null);
        }

        return floor > begin ? new FoundEvents(found, floor, await TimeAtAsync(floor, cancellation)) : new FoundEvents(found, null, null);
    }

    /// <summary>Leads picked at random, for somebody who wants to look at a few of them.</summary>
    public async Task<IReadOnlyList<(string Business, Guid Lead)>> SampleAsync(HttpContext http, int count)
    {
        var tenants = ApiScope.Of(http).Tenants;
        await using var size = database.CreateCommand("select greatest(reltuples, 0)::bigint from pg_class where oid = 'mt_doc_leadview'::regclass");
        var rows = (long)(await size.ExecuteScalarAsync(http.RequestAborted))!;

        // A few leads are shuffled whole. Of many, random blocks of the table are shuffled, which reads a few of them only.
        var from = rows < 20_000 ? "mt_doc_leadview d" : FormattableString.Invariant($"mt_doc_leadview d tablesample system ({Math.Clamp(count * 20_000.0 / rows, 0.05, 100):0.####})");
        await using var command = database.CreateCommand(
            $"select d.tenant_id, d.id from {from} where d.tenant_id = any($1) and d.data ->> 'mergedInto' is null order by random() limit $2");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = tenants });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        var leads = new List<(string, Guid)>();
        while (await reader.ReadAsync(http.RequestAborted))
        {
            leads.Add((reader.GetString(0), reader.GetGuid(1)));
        }

        return leads;
    }

    /// <summary>The version of the business file that the latest decision of each business was made by.</summary>
    public Task<IReadOnlyDictionary<string, (string Version, Instant At)>> PoliciesAsync(HttpContext http)
    {
        var tenants = ApiScope.Of(http).Tenants;
        return _policies.GetAsync(tenants, clock.GetCurrentInstant(), () => ReadPoliciesAsync(tenants));
    }

    private async Task<IReadOnlyDictionary<string, (string Version, Instant At)>> ReadPoliciesAsync(string[] tenants)
    {
        await using var command = database.CreateCommand(
            $"""
            select t.id, e.version, e.at
            from unnest($1::varchar[]) as t(id)
            cross join lateral (
                select m.data ->> 'policyVersion' as version, m.timestamp as at from mt_events m
                where m.tenant_id = t.id and m.type = 'decision_made' and m.seq_id > (select coalesce(max(x.seq_id), 0) - {Stretch} from mt_events x)
                order by m.seq_id desc limit 1) e
            """);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = tenants });
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        var policies = new Dictionary<string, (string, Instant)>(StringComparer.Ordinal);
        while (await reader.ReadAsync(CancellationToken.None))
        {
            policies[reader.GetString(0)] = (reader.IsDBNull(1) ? "" : reader.GetString(1), Instants.FromTimestamp(reader.GetDateTime(2)));
        }

        return policies;
    }

    private async Task<List<FoundEvent>> ReadAsync(string[] tenants, EventQuery query, long floor, long end, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand();
        var filters = new StringBuilder();
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = tenants });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = floor });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = end });
        void Where(string condition, object? value)
        {
            if (value is not null)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value });
                filters.Append(" and ").Append(condition).Append('$').Append(command.Parameters.Count);
            }
        }

        Where("e.type = ", query.Type);
        Where("e.headers ->> 'actor' = ", query.Actor);
        Where("e.stream_id = ", query.Stream);
        Where("e.timestamp >= ", query.From?.ToTimestamp());
        Where("e.timestamp < ", query.Until?.ToTimestamp());
        command.CommandText =
            $"""
            select e.seq_id, e.tenant_id, e.stream_id, e.version, e.type, e.data::text, e.timestamp, e.headers ->> 'actor', e.headers ->> 'hash', s.type
            from mt_events e left join mt_streams s on s.tenant_id = e.tenant_id and s.id = e.stream_id
            where e.tenant_id = any($1) and e.seq_id >= $2 and e.seq_id < $3 {filters}
            order by e.seq_id desc limit {Most + 1}
            """;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new List<FoundEvent>();
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(new FoundEvent(
                reader.GetInt64(0), reader.GetString(1), reader.GetGuid(2), reader.GetInt64(3), reader.GetString(4), reader.GetFieldValue<byte[]>(5),
                Instants.FromTimestamp(reader.GetDateTime(6)), reader.IsDBNull(7) ? "" : reader.GetString(7), reader.IsDBNull(8) ? "" : reader.GetString(8),
                reader.IsDBNull(9) ? null : reader.GetString(9)));
        }

        return found;
    }

    private async Task<long> LastAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select coalesce(max(e.seq_id), 0) from mt_events e");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<long> PlaceOfAsync(Instant at, long end, CancellationToken cancellation)
    {
        var (low, high) = (0L, end);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (await TimeAtAsync(middle, cancellation) is { } time && time < at)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private async Task<Instant?> TimeAtAsync(long position, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select e.timestamp from mt_events e where e.seq_id >= $1 order by e.seq_id limit 1");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = position });
        return await command.ExecuteScalarAsync(cancellation) is DateTime at ? Instants.FromTimestamp(at) : null;
    }
}
