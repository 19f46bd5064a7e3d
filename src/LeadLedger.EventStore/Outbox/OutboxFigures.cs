using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.EventStore.Outbox;

/// <summary>How much work is where and for how long. Each state is read through its index and counted up to a limit.</summary>
public sealed class OutboxFigures(NpgsqlDataSource database)
{
    /// <summary>Counts stop here: beyond it the exact number tells nothing more.</summary>
    public const int Most = 5000;

    private static readonly string Sql =
        $"""
        select x.state, x.kind, x.held, count(*), min(x.since)
        from (
            (select o.state, o.kind, {OutboxRows.IsHeld} as held, o.due_at as since
             from outbox o where o.state = 'pending' and o.due_at <= $2 and o.tenant_id = any($1) order by o.due_at limit {Most})
            union all
            (select o.state, o.kind, false, o.lease_until
             from outbox o where o.state in ('claimed', 'calling') and o.tenant_id = any($1) order by o.lease_until limit {Most})
            union all
            (select o.state, o.kind, false, o.due_at
             from outbox o where o.state in ('parked', 'ambiguous') and o.tenant_id = any($1) order by o.due_at limit {Most})) x
        group by x.state, x.kind, x.held
        order by x.state, x.kind, x.held
        """;

    public async Task<IReadOnlyList<WorkFigure>> ReadAsync(IReadOnlyList<string> tenants, Instant now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. tenants] });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.ToTimestamp(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var figures = new List<WorkFigure>();
        while (await reader.ReadAsync(cancellation))
        {
            figures.Add(new WorkFigure(
                reader.GetString(0), reader.GetString(1), reader.GetBoolean(2), reader.GetInt64(3),
                reader.IsDBNull(4) ? now : Instants.FromTimestamp(reader.GetDateTime(4))));
        }

        return figures;
    }
}

/// <summary>Work of one kind in one state.</summary>
/// <param name="State">pending (only what is due), claimed, calling, parked or ambiguous.</param>
/// <param name="Kind">Such as send_sms.</param>
/// <param name="Held">A hold keeps it.</param>
/// <param name="Count">How many rows, up to <see cref="OutboxFigures.Most"/>.</param>
/// <param name="Since">When the oldest fell due; for rows under way, when its lease ends.</param>
public sealed record WorkFigure(string State, string Kind, bool Held, long Count, Instant Since);
