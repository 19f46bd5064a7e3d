using LeadLedger.EventStore;
using LeadLedger.Sending;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.Intake.Spool;

/// <summary>
/// The processes on this database and how much each keeps, so that a text waits for an opt-out that lies in another process's spool. When each
/// reported is told by the database's clock, the only one that all of them share; how long one has been silent is counted by <see cref="NodeSight"/>,
/// because that clock may be set.
/// </summary>
public sealed class Nodes(NpgsqlDataSource database, IClock clock)
{
    private const string SetBy = "spool";
    private const string Reason = "webhooks that were kept while the database was away go into the ledger first";

    // Serialises setting and lifting the hold: "nodespol" in ASCII.
    private const string LockSql = "select pg_advisory_xact_lock(7957689453478178668)";

    private const string BeatSql =
        """
        insert into node (id, spool, started_at, last_seen, spool_depth)
        values ($1, $2, clock_timestamp(), clock_timestamp(), $3)
        on conflict (id) do update set last_seen = clock_timestamp(), spool_depth = excluded.spool_depth
        """;

    private const string HoldSql =
        """
        insert into sending_hold (tenant_id, scope, reason, since, set_by) values ('*', $1, $2, $3, $4) on conflict do nothing
        """;

    private const string LiftSql =
        """
        delete from sending_hold
        where tenant_id = '*' and scope = $1 and set_by = $2
          and not exists (select 1 from node n where n.spool_depth > 0)
        """;

    private const string LookSql =
        """
        select n.id, n.last_seen, n.spool_depth, clock_timestamp(), pg_postmaster_start_time(),
               exists (select 1 from sending_hold h where h.tenant_id = '*' and h.set_by = $2)
        from (select 1) one
        left join node n on n.id <> $1
        """;

    /// <summary>Says that this process lives and how much it keeps; while it keeps anything, texts are held for every process.</summary>
    /// <param name="me">This process.</param>
    /// <param name="spools">Its spool, and those it took over: processes that reported on them before are dead.</param>
    /// <param name="depth">Webhooks kept.</param>
    public async Task BeatAsync(Guid me, IReadOnlyList<Guid> spools, long depth, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(LockSql));
        var dead = new NpgsqlBatchCommand("delete from node where spool = any($1) and id <> $2");
        dead.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. spools] });
        dead.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = me });
        batch.BatchCommands.Add(dead);
        if (depth > 0)
        {
            var hold = new NpgsqlBatchCommand(HoldSql);
            hold.Parameters.Add(new NpgsqlParameter<string> { TypedValue = SendingScopes.Texts });
            hold.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Reason });
            hold.Parameters.Add(new NpgsqlParameter<DateTime>
            {
                TypedValue = clock.GetCurrentInstant().ToTimestamp(),
                NpgsqlDbType = NpgsqlDbType.TimestampTz,
            });
            hold.Parameters.Add(new NpgsqlParameter<string> { TypedValue = SetBy });
            batch.BatchCommands.Add(hold);
        }

        var beat = new NpgsqlBatchCommand(BeatSql);
        beat.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = me });
        beat.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = spools.Count > 0 ? spools[0] : me });
        beat.Parameters.Add(new NpgsqlParameter<long> { TypedValue = depth });
        batch.BatchCommands.Add(beat);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<NodeLook> LookAsync(Guid me, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(LookSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = me });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = SetBy });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var others = new List<NodeRow>();
        var (now, started, holding) = (default(DateTime), default(DateTime), false);
        while (await reader.ReadAsync(cancellation))
        {
            (now, started, holding) = (reader.GetDateTime(3), reader.GetDateTime(4), reader.GetBoolean(5));
            if (!reader.IsDBNull(0))
            {
                others.Add(new NodeRow(reader.GetGuid(0), reader.GetDateTime(1), reader.GetInt64(2)));
            }
        }

        return new NodeLook(others, now, started, holding);
    }

    /// <summary>Lifts the hold that spools set, unless a node keeps something again; dead ones must have been forgotten before.</summary>
    public async Task LiftAsync(CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(LockSql));
        var lift = new NpgsqlBatchCommand(LiftSql);
        lift.Parameters.Add(new NpgsqlParameter<string> { TypedValue = SendingScopes.Texts });
        lift.Parameters.Add(new NpgsqlParameter<string> { TypedValue = SetBy });
        batch.BatchCommands.Add(lift);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Forgets nodes: this one when it stops with nothing kept, or others that are dead.</summary>
    public async Task ForgetAsync(IReadOnlyList<Guid> nodes, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("delete from node where id = any($1)");
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. nodes] });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
