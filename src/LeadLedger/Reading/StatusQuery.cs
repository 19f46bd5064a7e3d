using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using NodaTime;
using Npgsql;

namespace LeadLedger.Reading;

/// <summary>Reads the figures of the status page: each through an index, each up to a limit.</summary>
public sealed class StatusQuery(NpgsqlDataSource database, OutboxFigures outbox, StuckLeads stuck, NodeClock nodeClock)
{
    private const string HoldsSql =
        "select tenant_id, scope, reason, since, set_by from sending_hold where tenant_id = any($1) or tenant_id = '*' order by since limit 200";

    private static readonly string QuarantineSql =
        $"""
        select count(*), min(x.received_at) from (
            select i.received_at from inbox i where i.tenant_id = any($1) and i.outcome = 'quarantined' limit {OutboxFigures.Most}) x
        """;

    // The age of a transaction on the database's own clock: only the difference is used.
    private const string SnapshotSql =
        """
        select extract(epoch from clock_timestamp() - min(a.xact_start))::float8
        from pg_stat_activity a where a.backend_xmin is not null and a.pid <> pg_backend_pid() and a.datname = current_database()
        """;

    public async Task<StatusFigures> ReadAsync(IReadOnlyList<string> tenants, Instant now, CancellationToken cancellation)
    {
        var (quarantined, quarantinedSince) = await QuarantineAsync(tenants, cancellation);
        var leads = await stuck.ReadAsync(tenants, now - StuckLeads.Bound, StuckLeads.Most, null, cancellation);
        return new StatusFigures
        {
            Now = now,
            Work = await outbox.ReadAsync(tenants, now, cancellation),
            Holds = await HoldsAsync(tenants, cancellation),
            Quarantined = quarantined,
            QuarantinedSince = quarantinedSince,
            StuckLeads = leads.Count,
            StuckSince = leads.Count > 0 ? leads[0].LastInquiryAt : null,
            OldestSnapshot = await SnapshotAgeAsync(cancellation) is { } age ? now - age : null,
            ClockAhead = nodeClock.Ahead,
        };
    }

    private async Task<(long Count, Instant? Since)> QuarantineAsync(IReadOnlyList<string> tenants, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(QuarantineSql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. tenants] });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInt64(0), reader.IsDBNull(1) ? null : Instants.FromTimestamp(reader.GetDateTime(1)));
    }

    private async Task<IReadOnlyList<HoldFigure>> HoldsAsync(IReadOnlyList<string> tenants, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(HoldsSql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. tenants] });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var holds = new List<HoldFigure>();
        while (await reader.ReadAsync(cancellation))
        {
            holds.Add(new HoldFigure(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), Instants.FromTimestamp(reader.GetDateTime(3)), reader.GetString(4)));
        }

        return holds;
    }

    private async Task<Duration?> SnapshotAgeAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(SnapshotSql);
        return await command.ExecuteScalarAsync(cancellation) is double seconds ? Duration.FromSeconds(seconds) : null;
    }
}
