using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Writing;
using LeadLedger.Hosting;
using LeadLedger.Leads;
using NodaTime;
using Npgsql;

namespace LeadLedger.DeadLetters;

/// <summary>
/// Finds work items and decides about them while they are locked. Every command leaves its trace: a fact on the lead, and a line in the
/// item's own log for work that belongs to no lead.
/// </summary>
public sealed class DeadLetterWork(NpgsqlDataSource database, LedgerWriter writer, IClock clock)
{
    private const string FindSql = "select o.id, o.tenant_id, o.stream_id, o.kind, o.body::text from outbox o where o.id = $1 and o.tenant_id = any($2)";

    private const string IdsSql =
        "select o.id from outbox o where o.tenant_id = any($1) and o.kind = $2 and o.state = any($3) order by o.tenant_id, o.id limit $4";

    /// <summary>Where a work item belongs; null when the caller does not see it.</summary>
    public async Task<WorkPlace?> FindAsync(string[] tenants, string id, CancellationToken cancellation)
    {
        if (!Guid.TryParse(id, out var row))
        {
            return null;
        }

        await using var command = database.CreateCommand(FindSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = row });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = tenants });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new WorkPlace(
                reader.GetGuid(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetGuid(2), reader.GetString(3), reader.GetFieldValue<byte[]>(4))
            : null;
    }

    /// <summary>The work items of a kind that wait for a person, oldest first.</summary>
    public async Task<IReadOnlyList<Guid>> WaitingAsync(string[] tenants, string kind, int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(IdsSql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = tenants });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = kind });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. DeadLetter.States] });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancellation))
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }

    /// <summary>Decides about a work item while it and its lead are locked, unless the command cannot be given to it.</summary>
    public Task<Refusal?> DecideAsync(
        ApiScope scope, WorkPlace place, string command, IReadOnlyList<GateKey> gates, Func<LeadSession?, WriteUnit, OutboxItem, Refusal?> decide)
    {
        var business = scope.Find(place.Tenant)!;
        return writer.WriteAsync(new WriteRequest<Refusal?>(unit =>
        {
            var row = unit.OutboxRow(place.Id);
            return DeadLetter.RefusalOf(row, command) ?? decide(SessionOf(unit, business, row!), unit, row!);
        })
        {
            Now = clock.GetCurrentInstant(),
            Actor = scope.Caller.Actor,
            CausationId = $"command:{command}",
            Gates = gates,
            Streams = place.Stream is { } stream ? [new StreamKey(place.Tenant, stream)] : [],
            OutboxRows = [place.Id],
        });
    }

    /// <summary>The line in the item's own log.</summary>
    public static OutboxAttempt LogLine(OutboxItem row, string command, string by, string? reason = null) =>
        new(row.Id, row.Tenant, row.Fence, command, null, by, reason);

    private static LeadSession? SessionOf(WriteUnit unit, Business business, OutboxItem row) =>
        DeadLetter.IsOfLead(row) ? new LeadSession(unit, business, row.StreamId!.Value) : null;
}

/// <summary>Where a work item belongs.</summary>
/// <param name="Id">The work item.</param>
/// <param name="Tenant">Its business.</param>
/// <param name="Stream">The stream it belongs to.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Body">What it carries, JSON.</param>
public sealed record WorkPlace(Guid Id, string Tenant, Guid? Stream, string Kind, byte[] Body);
