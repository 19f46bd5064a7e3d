using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.EventStore.Writing;

/// <summary>
/// Finds out on a new connection how a transaction ended whose confirmation was lost. Its own id tells whether it is over; a row that
/// only it wrote tells whether it was committed. Both are asked: after a crash of the server an id that was never
/// written down can be given to another transaction, and a row that is not there yet may still come while the old one runs.
/// </summary>
internal sealed class LostCommit(NpgsqlDataSource database)
{
    private const string StatusSql = "select pg_xact_status($1::text::xid8)";

    // It still holds its locks, and its client has gone: it can only be ended. A commit under way is finished first.
    private const string EndSql = "select pg_terminate_backend(pid) from pg_stat_activity where backend_xid = $1::text::xid8::xid";

    private const string EventSql = "select 1 from mt_events where tenant_id = $1 and stream_id = $2 and version = $3 and id = $4";
    private const string ReceiptSql = "select 1 from inbox where tenant_id = $1 and source = $2 and dedupe_key = $3 and body_sha256 = $4";
    private const string AttemptSql = "select 1 from outbox_attempt where outbox_id = $1 and fence = $2 and step = $3";
    private const string MessageSql = "select 1 from outbox where tenant_id = $1 and effect_key = $2";

    private const int MaxTries = 40;
    private const int CommandSeconds = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    /// <summary>True: committed. False: over, and not committed. Null: it could not be found out in time.</summary>
    public async Task<bool?> WasCommittedAsync(string transaction, BatchWrites writes)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(BetweenTries);
        for (var attempt = 0; attempt < MaxTries && System.Diagnostics.Stopwatch.GetElapsedTime(began) < Patience; attempt++)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync();
                switch (await StatusAsync(connection, transaction))
                {
                    case "aborted":
                        return false;
                    case "committed":
                        return await IsThereAsync(connection, writes);
                    case null:
                        return null;
                    default:
                        await EndAsync(connection, transaction);
                        break;
                }
            }
            catch (Exception exception) when (CommitFailures.Of(exception, commitSent: false) is not CommitFailure.Defect)
            {
                // Still away, or a pooled connection that died with the other one.
            }

            await timer.WaitForNextTickAsync();
        }

        return null;
    }

    private static async Task<string?> StatusAsync(NpgsqlConnection connection, string transaction)
    {
        await using var command = Command(connection, StatusSql, Text(transaction));
        try
        {
            return await command.ExecuteScalarAsync() as string;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidParameterValue)
        {
            // An id of the future: the server restarted without ever having seen this transaction.
            return "aborted";
        }
    }

    private static async Task EndAsync(NpgsqlConnection connection, string transaction)
    {
        await using var command = Command(connection, EndSql, Text(transaction));
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<bool> IsThereAsync(NpgsqlConnection connection, BatchWrites writes)
    {
        if (Witness(connection, writes) is not { } command)
        {
            return true;
        }

        await using (command)
        {
            return await command.ExecuteScalarAsync() is not null;
        }
    }

    private static NpgsqlCommand? Witness(NpgsqlConnection connection, BatchWrites writes)
    {
        if (writes.Events is [var first, ..])
        {
            var recorded = first.Event;
            return Command(connection, EventSql, Text(recorded.Stream.Tenant), Id(recorded.Stream.Id), Number(recorded.Version), Id(recorded.Id));
        }

        if (writes.Receipts is [var kept, ..])
        {
            var receipt = kept.Receipt;
            return Command(connection, ReceiptSql, Text(receipt.Tenant), Text(receipt.Source), Text(receipt.Key),
                new NpgsqlParameter<byte[]> { TypedValue = receipt.BodySha256, NpgsqlDbType = NpgsqlDbType.Bytea });
        }

        if (writes.Attempts is [var made, ..])
        {
            return Command(connection, AttemptSql, Id(made.Attempt.OutboxId), Number(made.Attempt.Fence), Text(made.Attempt.Step));
        }

        return writes.Messages is [var (_, tenant, _, message, _), ..]
            ? Command(connection, MessageSql, Text(tenant), Text(message.EffectKey))
            : null;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = CommandSeconds };
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    private static NpgsqlParameter<Guid> Id(Guid value) => new() { TypedValue = value };

    private static NpgsqlParameter<long> Number(long value) => new() { TypedValue = value };
}
