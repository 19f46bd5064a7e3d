using Npgsql;

namespace LeadLedger.Intake.Webhooks;

/// <summary>Compares what was confirmed with what the inbox holds (I1).</summary>
public sealed partial class IntakeAccount(NpgsqlDataSource database, IntakeCounters counters, ILogger<IntakeAccount> log)
{
    private const string MissingSql =
        """
        select count(*)
        from unnest($1::varchar[], $2::varchar[], $3::varchar[]) as k(tenant_id, source, dedupe_key)
        left join inbox i on i.tenant_id = k.tenant_id and i.source = k.source and i.dedupe_key = k.dedupe_key
        where i.tenant_id is null
        """;

    /// <summary>Looks for the latest confirmed receipts in the inbox and reports what is not there.</summary>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        var recent = counters.Recent();
        await using var command = database.CreateCommand(MissingSql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. recent.Select(key => key.Tenant)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. recent.Select(key => key.Source)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. recent.Select(key => key.Key)] });
        var missing = (long)(await command.ExecuteScalarAsync(cancellation))!;
        counters.ReportMissing(missing);
        var difference = counters.Snapshot().Sum(count => Math.Max(0, count.Difference));
        if (missing + difference > 0)
        {
            LogDifference(log, missing, difference);
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Intake does not add up: {Missing} confirmed receipts are not in the inbox, {Difference} webhooks were answered and stored nowhere")]
    private static partial void LogDifference(ILogger logger, long missing, long difference);
}
