using System.Collections.Concurrent;
using System.Data;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.EventStore.Verification;

/// <summary>
/// Reads the whole ledger again and recomputes it: every event's commitment and link, gapless versions, every document,
/// gate row and audit row. All of it is one snapshot, so it can run beside a working service. It writes nothing.
/// </summary>
public sealed class LedgerVerifier(NpgsqlDataSource database, LedgerModel model)
{
    /// <summary>Verifies what the scope names.</summary>
    /// <exception cref="NpgsqlException">The database cannot be read, so nothing is known.</exception>
    public async Task<VerificationReport> VerifyAsync(
        VerificationScope scope, IProgress<LedgerProgress>? progress = null, CancellationToken cancellation = default)
    {
        await using var first = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await first.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var snapshot = await ExportSnapshotAsync(first, cancellation);
        var total = await CountEventsAsync(first, scope, cancellation);
        var ranges = await LedgerRange.CutAsync(first, scope, cancellation);
        var checks = await CheckRangesAsync(snapshot, ranges, scope, total, progress, cancellation);
        var problems = checks.SelectMany(check => check.Problems).ToList();
        var report = new VerificationReport
        {
            Events = checks.Sum(check => check.Events),
            Streams = checks.Sum(check => check.Streams),
            Documents = checks.Sum(check => check.Documents),
            AuditRows = checks.Sum(check => check.AuditRows),
            ContactPoints = 0,
            Problems = problems,
        };
        if (scope.Stream is not null)
        {
            return WithStreamFound(report, scope);
        }

        if (problems.Count < scope.MostProblems)
        {
            if (report.Events != total)
            {
                problems.Add(new LedgerProblem("mt_events", scope.Tenant ?? "*", null, null, string.Create(
                    CultureInfo.InvariantCulture, $"{total - report.Events} events belong to no business or stream")));
            }

            var types = checks.SelectMany(check => check.GateTypes).ToHashSet(StringComparer.Ordinal);
            report = report with { ContactPoints = await CheckGatesAsync(first, types, scope, problems, progress, cancellation) };
            await CheckReferencesAsync(first, scope, problems, cancellation);
            problems.AddRange(await HoldCheck.ProblemsAsync(first, model, scope, cancellation));
        }

        return report with { Problems = [.. problems.Take(scope.MostProblems)] };
    }

    private static VerificationReport WithStreamFound(VerificationReport report, VerificationScope scope) =>
        report.Events > 0 || report.Problems.Count > 0
            ? report with { Problems = [.. report.Problems.Take(scope.MostProblems)] }
            : report with
            {
                Problems = [new LedgerProblem("mt_streams", scope.Tenant ?? "*", scope.Stream, null, "there is no such stream")],
            };

    private async Task<List<RangeCheck>> CheckRangesAsync(
        string snapshot,
        List<LedgerRange> ranges,
        VerificationScope scope,
        long total,
        IProgress<LedgerProgress>? progress,
        CancellationToken cancellation)
    {
        var checks = new ConcurrentDictionary<int, RangeCheck>();
        var next = -1;
        long done = 0;
        var found = 0;
        var workers = Enumerable.Range(0, Math.Min(ranges.Count, Environment.ProcessorCount)).Select(_ => Task.Run(WorkAsync, cancellation));
        await Task.WhenAll(workers);
        return [.. checks.OrderBy(entry => entry.Key).Select(entry => entry.Value)];

        async Task WorkAsync()
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
            await ExecuteAsync(connection, $"set transaction snapshot '{snapshot}'", cancellation);
            await ExecuteAsync(connection, "set local jit = off", cancellation);

            // Stretches are taken in order, so when enough is found everything before it has been looked at.
            while (Volatile.Read(ref found) < scope.MostProblems && Interlocked.Increment(ref next) is var index && index < ranges.Count)
            {
                var check = new RangeCheck(model, scope);
                await check.RunAsync(connection, ranges[index], cancellation);
                checks[index] = check;
                Interlocked.Add(ref found, check.Problems.Count);
                progress?.Report(new LedgerProgress("events", Interlocked.Add(ref done, check.Events), total));
            }
        }
    }

    private async Task<long> CheckGatesAsync(
        NpgsqlConnection connection,
        HashSet<string> types,
        VerificationScope scope,
        List<LedgerProblem> problems,
        IProgress<LedgerProgress>? progress,
        CancellationToken cancellation)
    {
        var total = await CountEventsAsync(connection, scope, cancellation, types);
        await ExecuteAsync(connection, "set local enable_sort = off", cancellation);
        var gates = await GateFold.RunAsync(
            connection, model, types, scope,
            done => progress?.Report(new LedgerProgress("contact points", done, total)), cancellation);
        var rows = await GateFold.ReadRowsAsync(connection, scope, cancellation);
        progress?.Report(new LedgerProgress("contact points", total, total));
        foreach (var (key, row) in rows.OrderBy(entry => entry.Key))
        {
            var difference = gates.Remove(key, out var gate)
                ? row.DifferenceFrom(model.Gates.Write(gate.State), gate.Streams)
                : row.IsUntouched ? null : "the contact point has a state that no event gave it";
            if (difference is not null)
            {
                problems.Add(Problem(key, difference));
            }
        }

        problems.AddRange(gates.Keys.Order().Select(key => Problem(key, "the contact point's row is missing")));
        return rows.Count;
    }

    // Receipts and work items are not derived from the events, but they name streams, and streams are never deleted:
    // one that names a stream that is gone shows where a whole stream was taken out.
    private static async Task CheckReferencesAsync(
        NpgsqlConnection connection, VerificationScope scope, List<LedgerProblem> problems, CancellationToken cancellation)
    {
        foreach (var table in (string[])["inbox", "outbox"])
        {
            await using var command = new NpgsqlCommand(
                $"""
                select distinct r.tenant_id, r.stream_id
                from {table} r
                where r.stream_id is not null and ($1::varchar is null or r.tenant_id = $1)
                  and not exists (select from mt_streams s where s.tenant_id = r.tenant_id and s.id = r.stream_id)
                order by r.tenant_id, r.stream_id
                """,
                connection)
            { CommandTimeout = 0 };
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)scope.Tenant ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                problems.Add(new LedgerProblem(
                    table, reader.GetString(0), reader.GetGuid(1), null, "a row names a stream that is gone"));
            }
        }
    }

    private static LedgerProblem Problem(GateKey key, string what) =>
        new("contact_point", key.Tenant, null, null, $"{key.Kind} {Masked(key)}: {what}");

    // Numbers and mailboxes do not belong in a terminal or a log; the end is enough to find the row.
    private static string Masked(GateKey key) =>
        key.Kind is "phone" or "email" && key.Value.Length > 4 ? $"…{key.Value[^4..]}" : key.Value;

    private static async Task<string> ExportSnapshotAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await ExecuteAsync(connection, "set transaction read only", cancellation);
        await using var command = new NpgsqlCommand("select pg_export_snapshot()", connection);
        return (string)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task<long> CountEventsAsync(
        NpgsqlConnection connection, VerificationScope scope, CancellationToken cancellation, IReadOnlyCollection<string>? types = null)
    {
        await using var command = new NpgsqlCommand(
            """
            select count(*)
            from mt_events e
            where ($1::varchar is null or e.tenant_id = $1) and ($2::uuid is null or e.stream_id = $2)
              and ($3::varchar[] is null or e.type = any($3))
            """,
            connection)
        { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)scope.Tenant ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)scope.Stream ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = (object?)types?.ToArray() ?? DBNull.Value,
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar,
        });
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
