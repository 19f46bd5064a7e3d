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
    private const string IsNext =
        $"""
        o.state = 'pending' and o.due_at <= $1 and not {OutboxRows.IsHeld}
          and (o.lane is null or not exists (
              select 1 from outbox earlier
              where earlier.tenant_id = o.tenant_id and earlier.lane = o.lane and earlier.finished_at is null
                and earlier.id < o.id and earlier.due_at <= $1 and earlier.state in ('pending', 'claimed', 'calling')))
        """;

    private const string AnySql =
        $"""
        with due as materialized (
            select o.id from outbox o where {IsNext}
            order by o.due_at, o.id limit $2
            for update of o skip locked)
        """;

    // Kind by kind through its own index: a backlog of one kind is not even read while another is claimed.
    private const string KindsSql =
        $"""
        with due as materialized (
            select d.id
            from unnest($4::varchar[], $5::int[]) as k(kind, free)
            cross join lateral (
                select o.id from outbox o where o.kind = k.kind and {IsNext}
                order by o.due_at, o.id limit least(k.free, $2)
                for update of o skip locked) d)
        """;

    private const string TakeSql =
        $"""
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
        where o.state in ('claimed', 'calling') and o.lease_until < $1 and not (o.id = any($2))
        order by o.lease_until
        limit 100
        """;

    // Only a row that is still in the state and under the fence it was read with. One that was tried too often waits for a person.
    private const string ReturnSql =
        """
        update outbox
        set state = case when attempts - $5 >= $3 then 'parked' else 'pending' end,
            attempts = attempts - $5, due_at = coalesce($4, due_at), lease_until = null, last_error = coalesce($6, last_error)
        where id = $1 and fence = $2 and state = 'claimed'
        returning state
        """;

    private const string GiveUpSql =
        "update outbox set state = 'ambiguous', lease_until = null, last_error = $3 where id = $1 and fence = $2 and state = 'calling'";

    private const string SetAsideSql =
        """
        update outbox o set due_at = $2, last_error = 'this version has no handler for this kind of work'
        where o.id in (
            select d.id from outbox d where d.state = 'pending' and d.due_at <= $1 and not (d.kind = any($3))
            order by d.due_at limit 100 for update skip locked)
        returning o.kind
        """;

    /// <summary>Claims due rows, earliest first.</summary>
    /// <param name="now">The instant by which they are due.</param>
    /// <param name="limit">At most this many; of each kind when <paramref name="free"/> is given.</param>
    /// <param name="cancellation">Gives up. Whoever works the rows passes none: a claim that was committed unseen waits for its lease.</param>
    /// <param name="free">The kinds to claim, and how many of each may be worked; null claims any.</param>
    public async Task<IReadOnlyList<OutboxItem>> ClaimAsync(
        Instant now, int limit, CancellationToken cancellation, IReadOnlyDictionary<string, int>? free = null)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"select {PlannerSettings.Columns}"));
        var claim = new NpgsqlBatchCommand((free is null ? AnySql : KindsSql) + TakeSql);
        batch.BatchCommands.Add(claim);
        claim.Parameters.Add(Timestamp(now));
        claim.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        claim.Parameters.Add(Timestamp(now + timing.Lease));
        if (free is not null)
        {
            claim.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. free.Keys] });
            claim.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. free.Values] });
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        var items = await ReadAsync(reader, cancellation);
        items.Sort(static (a, b) => a.DueAt != b.DueAt ? a.DueAt.CompareTo(b.DueAt) : string.CompareOrdinal(
            a.Id.ToString(), b.Id.ToString()));
        return items;
    }

    /// <summary>
    /// Rows whose worker has not come back, at most 100. One that was only claimed is released; one that was calling is not.
    /// </summary>
    /// <param name="now">Leases that ended before this.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="seen">Rows that were looked at already, so that those that cannot be helped do not hide the others.</param>
    public async Task<IReadOnlyList<OutboxItem>> ExpiredAsync(
        Instant now, CancellationToken cancellation, IReadOnlyCollection<Guid>? seen = null)
    {
        await using var command = database.CreateCommand(ExpiredSql);
        command.Parameters.Add(Timestamp(now));
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. seen ?? []] });
        return await ReadAsync(command, cancellation);
    }

    /// <summary>Gives a claimed row back whose worker did not end it, if nobody has claimed it since.</summary>
    /// <param name="item">The row as it was claimed.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="dueAt">When it is tried again; null leaves the time.</param>
    /// <param name="error">What went wrong.</param>
    /// <param name="uncount">The attempt does not count: it was not the row's fault.</param>
    /// <returns>Its state now; null when it was no longer this worker's.</returns>
    public async Task<string?> ReleaseAsync(
        OutboxItem item, CancellationToken cancellation, Instant? dueAt = null, string? error = null, bool uncount = false)
    {
        await using var command = database.CreateCommand(ReturnSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = item.Id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = item.Fence });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MaxAttempts });
        command.Parameters.Add(new NpgsqlParameter<DateTime?> { TypedValue = dueAt?.ToTimestamp(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = uncount ? 1 : 0 });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = error, NpgsqlDbType = NpgsqlDbType.Varchar });
        return await command.ExecuteScalarAsync(cancellation) as string;
    }

    /// <summary>A row that was calling and cannot be looked after: what happened stays unknown, and a person sees it.</summary>
    public async Task GiveUpAsync(OutboxItem item, string error, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(GiveUpSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = item.Id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = item.Fence });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = error });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Puts due rows off that nobody here can work, and says why in them.</summary>
    /// <returns>Their kinds.</returns>
    public async Task<IReadOnlyList<string>> SetAsideUnknownAsync(
        Instant now, Instant until, IReadOnlyCollection<string> known, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(SetAsideSql);
        command.Parameters.Add(Timestamp(now));
        command.Parameters.Add(Timestamp(until));
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. known] });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var kinds = new List<string>();
        while (await reader.ReadAsync(cancellation))
        {
            kinds.Add(reader.GetString(0));
        }

        return kinds;
    }

    private static NpgsqlParameter<DateTime> Timestamp(Instant at) =>
        new() { TypedValue = at.ToTimestamp(), NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private static async Task<List<OutboxItem>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await ReadAsync(reader, cancellation);
    }

    private static async Task<List<OutboxItem>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var items = new List<OutboxItem>();
        while (await reader.ReadAsync(cancellation))
        {
            items.Add(OutboxRows.Read(reader));
        }

        return items;
    }
}
