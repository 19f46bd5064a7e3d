using LeadLedger.EventStore;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.Reconciling;

/// <summary>An interval of one account that is this process's to sweep.</summary>
/// <param name="From">Everything before it has been swept.</param>
/// <param name="Fence">Raised by every claim: one that is behind no longer moves the account on.</param>
public sealed record SweepClaim(Instant From, long Fence);

/// <summary>Keeps how far each account has been swept, and what the sweeps found.</summary>
public sealed class SweepStore(NpgsqlDataSource database)
{
    // The first claim of an account only sets where sweeping starts: what happened before it was connected is nobody's lead.
    private const string ClaimSql =
        """
        insert into provider_sweep (account_sid, next_at, swept_until, fence) values ($1, $3, $2, 1)
        on conflict (account_sid) do update set next_at = $3, fence = provider_sweep.fence + 1 where provider_sweep.next_at <= $2
        returning swept_until, fence
        """;

    private const string EndSql =
        """
        update provider_sweep
        set swept_until = case when $5::varchar is null then greatest(swept_until, $3) else swept_until end,
            last_success_at = case when $5::varchar is null then $4 else last_success_at end,
            last_problem = $5
        where account_sid = $1 and fence = $2
        """;

    private const string ReportSql =
        """
        insert into sweep_report (tenant_id, account_sid, swept_at, from_at, until_at, calls_arrived, calls_found, messages_arrived, messages_found, problem)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict do nothing
        """;

    private const string ForgetSql = "delete from sweep_report where tenant_id = $1 and swept_at < $2";

    private const string KnownSql =
        "select dedupe_key, headers ->> $4 from inbox where tenant_id = $1 and source = $2 and dedupe_key = any($3)";

    private static readonly Duration KeptFor = Duration.FromDays(90);

    /// <summary>Takes the account for this interval; null when it is not due or another process has it.</summary>
    public async Task<SweepClaim?> ClaimAsync(string accountSid, Instant now, Duration interval, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(ClaimSql);
        command.Parameters.Add(Text(accountSid));
        command.Parameters.Add(At(now));
        command.Parameters.Add(At(now + interval));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new SweepClaim(Instants.FromTimestamp(reader.GetDateTime(0)), reader.GetInt64(1))
            : null;
    }

    /// <summary>Moves the account on when the sweep was complete, and keeps its reports; both or neither.</summary>
    public async Task EndAsync(
        string accountSid, SweepClaim claim, Instant now, Instant until, string? problem, IReadOnlyList<SweepCount> counts, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(EndSql)
        {
            Parameters = { Text(accountSid), Number(claim.Fence), At(until), At(now), Text(problem) },
        });
        foreach (var count in counts)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(ReportSql)
            {
                Parameters =
                {
                    Text(count.Business), Text(accountSid), At(now), At(claim.From), At(until), Number(count.CallsArrived), Number(count.CallsFound),
                    Number(count.MessagesArrived), Number(count.MessagesFound), Text(problem),
                },
            });
            batch.BatchCommands.Add(new NpgsqlBatchCommand(ForgetSql) { Parameters = { Text(count.Business), At(now - KeptFor) } });
        }

        // One batch without a transaction of its own is one transaction.
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Which deliveries the inbox has, with how they were found; null when they came by themselves.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> KnownAsync(
        string tenant, string source, IEnumerable<string> keys, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(KnownSql);
        command.Parameters.Add(Text(tenant));
        command.Parameters.Add(Text(source));
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. keys] });
        command.Parameters.Add(Text(Reconciliation.Header));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var known = new Dictionary<string, string?>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            known[reader.GetString(0)] = reader.IsDBNull(1) ? null : reader.GetString(1);
        }

        return known;
    }

    private static NpgsqlParameter Text(string? value) => new NpgsqlParameter<string?> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Varchar };

    private static NpgsqlParameter Number(long value) => new NpgsqlParameter<long> { TypedValue = value };

    private static NpgsqlParameter At(Instant at) =>
        new NpgsqlParameter<DateTime> { TypedValue = at.ToTimestamp(), NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
