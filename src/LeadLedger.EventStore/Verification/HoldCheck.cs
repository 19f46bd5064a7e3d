using System.Text.Json;
using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Writing;
using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.EventStore.Verification;

/// <summary>
/// Compares the rows that hold sending with what the streams that hold them say. A row that names no stream was set by other means
/// and is not judged.
/// </summary>
internal static class HoldCheck
{
    public static async Task<List<LedgerProblem>> ProblemsAsync(
        NpgsqlConnection connection, LedgerModel model, VerificationScope scope, CancellationToken cancellation)
    {
        var expected = await ExpectedAsync(connection, model, scope, cancellation);
        var found = await FoundAsync(connection, scope, cancellation);
        var problems = new List<LedgerProblem>();
        foreach (var (stream, holds) in expected.OrderBy(entry => entry.Key.Id))
        {
            var rows = found.GetValueOrDefault(stream, []);
            problems.AddRange(holds.Except(rows).Select(hold => Problem(stream, $"the hold on {hold.Scope} is missing or different")));
            problems.AddRange(rows.Where(row => !holds.Any(hold => hold.Scope == row.Scope))
                .Select(row => Problem(stream, $"nothing on record holds {row.Scope}")));
        }

        problems.AddRange(found.Where(entry => !expected.ContainsKey(entry.Key))
            .SelectMany(entry => entry.Value.Select(row => Problem(entry.Key, $"nothing on record holds {row.Scope}"))));
        return problems;
    }

    /// <summary>Makes the rows again from the documents, which are right by now.</summary>
    public static async Task RebuildAsync(NpgsqlConnection connection, LedgerModel model, CancellationToken cancellation)
    {
        if ((await ProblemsAsync(connection, model, VerificationScope.Everything, cancellation)).Count == 0)
        {
            return;
        }

        var expected = await ExpectedAsync(connection, model, VerificationScope.Everything, cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("delete from sending_hold h where h.stream_id is not null"));
        foreach (var (stream, holds) in expected)
        {
            BatchCommands.AddHolds(batch, stream, holds);
        }

        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static LedgerProblem Problem(StreamKey stream, string what) => new("sending_hold", stream.Tenant, stream.Id, null, what);

    private static async Task<Dictionary<StreamKey, IReadOnlyList<SendingHold>>> ExpectedAsync(
        NpgsqlConnection connection, LedgerModel model, VerificationScope scope, CancellationToken cancellation)
    {
        var expected = new Dictionary<StreamKey, IReadOnlyList<SendingHold>>();
        foreach (var type in model.Streams.Where(type => type.MayHold))
        {
            await using var command = Command(
                connection, $"select d.tenant_id, d.id, d.data::text from {type.Table} d where $1::varchar is null or d.tenant_id = $1", scope);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                try
                {
                    expected[new StreamKey(reader.GetString(0), reader.GetGuid(1))] = type.HoldsOf(type.Read(reader.GetFieldValue<byte[]>(2)));
                }
                catch (JsonException)
                {
                    // The document is not what the events fold to; that was found already.
                }
            }
        }

        return expected;
    }

    private static async Task<Dictionary<StreamKey, List<SendingHold>>> FoundAsync(
        NpgsqlConnection connection, VerificationScope scope, CancellationToken cancellation)
    {
        var found = new Dictionary<StreamKey, List<SendingHold>>();
        await using var command = Command(
            connection,
            """
            select h.tenant_id, h.stream_id, h.scope, h.reason, h.since, h.set_by, h.probe
            from sending_hold h
            where h.stream_id is not null and ($1::varchar is null or h.tenant_id = $1)
            order by h.scope
            """,
            scope);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var key = new StreamKey(reader.GetString(0), reader.GetGuid(1));
            if (!found.TryGetValue(key, out var rows))
            {
                found[key] = rows = [];
            }

            rows.Add(new SendingHold(
                reader.GetString(2), reader.GetString(3), Instants.FromTimestamp(reader.GetDateTime(4)), reader.GetString(5),
                reader.IsDBNull(6) ? null : reader.GetGuid(6)));
        }

        return found;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, VerificationScope scope)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)scope.Tenant ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar });
        return command;
    }
}
