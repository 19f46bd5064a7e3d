using NodaTime;
using NodaTime.Text;
using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.Reading;

/// <summary>
/// Leads that slipped: their latest inquiry is older than a bound, no task of it is open or was closed, and nothing is scheduled (RTY-12). Work that
/// was given up is no next step.
/// </summary>
public sealed class StuckLeads(NpgsqlDataSource database)
{
    /// <summary>From this age on a lead without a next step counts as stuck.</summary>
    public static readonly Duration Bound = Duration.FromMinutes(15);

    /// <summary>Counts stop here.</summary>
    public const int Most = 1000;

    private const string Sql =
        """
        select d.id, d.tenant_id, d.data ->> 'name', d.data ->> 'phone', d.data ->> 'status', d.data ->> 'source', d.data ->> 'lastInquiryAt'
        from mt_doc_leadview d
        where d.tenant_id = any($1) and d.data ->> 'lastInquiryAt' < $2
          and d.data ->> 'status' in ('received', 'needs_callback') and d.data ->> 'mergedInto' is null and d.data ->> 'kind' <> 'contact_only'
          and (d.data -> 'task' is null or d.data -> 'task' ->> 'closedAt' < d.data ->> 'lastInquiryAt')
          and d.data ->> 'testMode' is distinct from 'true'
          and not exists (
              select 1 from outbox o
              where o.tenant_id = d.tenant_id and o.stream_id = d.id and o.state in ('pending', 'claimed', 'calling'))
          and ($3::varchar is null or (d.data ->> 'lastInquiryAt', d.id) > ($3, $4))
        order by d.data ->> 'lastInquiryAt', d.id
        limit $5
        """;

    /// <summary>Stuck leads, the oldest first.</summary>
    public async Task<IReadOnlyList<StuckLead>> ReadAsync(
        IReadOnlyList<string> tenants, Instant before, int limit, (string At, Guid Id)? after, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. tenants] });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = StoredText.Of(before) });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = after?.At, NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new NpgsqlParameter<Guid?> { TypedValue = after?.Id, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var leads = new List<StuckLead>();
        while (await reader.ReadAsync(cancellation))
        {
            leads.Add(new StuckLead(
                reader.GetGuid(0), reader.GetString(1), Text(reader, 2), Text(reader, 3), reader.GetString(4), Text(reader, 5),
                InstantPattern.ExtendedIso.Parse(reader.GetString(6)).Value, reader.GetString(6)));
        }

        return leads;
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}

/// <summary>A lead without a next step.</summary>
public sealed record StuckLead(
    Guid Id, string Business, string? Name, string? Phone, string Status, string? Source, Instant LastInquiryAt, string StoredAt);
