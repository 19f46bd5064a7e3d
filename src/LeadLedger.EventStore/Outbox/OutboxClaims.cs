using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.EventStore.Outbox;

/// <summary>
/// Takes due work. A claim is a short transaction of its own and raises the row's fence; the call is made outside it.
/// Time is an argument: the database's clock is never asked.
/// </summary>
public sealed class OutboxClaims(NpgsqlDataSource database, OutboxTiming timing)
{
    /// <summary>A row that was claimed this often without an end is parked: it may be killing its worker.</summary>
    public const int MaxAttempts = 5;

    // Rows of one lane keep their order: an earlier one that is due and unfinished goes first.
    private const string ClaimSql =
        $"""
        with due as materialized (
            select o.id
            from outbox o
            where o.state = 'pending' and o.due_at <= $1 and not {OutboxRows.IsHeld}
              and (o.lane is null or not exists (
                  select 1 from outbox earlier
                  where earlier.tenant_id = o.tenant_id and earlier.lane = o.lane and earlier.finished_at is null
                    and earlier.id < o.id and earlier.due_at <= $1 and earlier.state in ('pending', 'claimed', 'calling')))
            order by o.due_at, o.id
            limit $2
            for update of o skip locked)
        update outbox o
        set state = 'claimed', fence = o.fence + 1, attempts = o.attempts + 1, lease_until = $3
        from due
        where o.id = due.id
        returning {OutboxRows.Columns}
        """;

    private const string ExpiredSql =
        $"""
        select {OutboxRows.Columns}
        from outbox o
        where o.state in ('claimed', 'calling') and o.lease_until < $1
        order by o.lease_until
        limit 100
        """;

    private const string ReleaseSql =
        """
        update outbox set state = case when attempts >= $3 then 'parked' else 'pending' end, lease_until = null,
               last_error = case when attempts >= $3 then 'claimed several times without an end' else last_error end
        where id = $1 and fence = $2 and state = 'claimed'
        """;

    /// <summary>Claims up to <paramref name="limit"/> due rows, earliest first.</summary>
    public async Task<IReadOnlyList<OutboxItem>> ClaimAsync(Instant now, int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(ClaimSql);
        command.Parameters.Add(Timestamp(now));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        command.Parameters.Add(Timestamp(now + timing.Lease));
        var items = await ReadAsync(command, cancellation);
        items.Sort(static (a, b) => a.DueAt != b.DueAt ? a.DueAt.CompareTo(b.DueAt) : string.CompareOrdinal(
            a.Id.ToString(), b.Id.ToString()));
        return items;
    }

    /// <summary>Rows whose worker has not come back. One that was only claimed is released; one that was calling is not.</summary>
    public async Task<IReadOnlyList<OutboxItem>> ExpiredAsync(Instant now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(ExpiredSql);
        command.Parameters.Add(Timestamp(now));
        return await ReadAsync(command, cancellation);
    }

    /// <summary>Gives a claimed row back, if nobody has claimed it since.</summary>
    public async Task ReleaseAsync(OutboxItem item, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(ReleaseSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = item.Id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = item.Fence });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MaxAttempts });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlParameter<DateTime> Timestamp(Instant at) =>
        new() { TypedValue = at.ToTimestamp(), NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private static async Task<List<OutboxItem>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var items = new List<OutboxItem>();
        while (await reader.ReadAsync(cancellation))
        {
            items.Add(OutboxRows.Read(reader));
        }

        return items;
    }
}
