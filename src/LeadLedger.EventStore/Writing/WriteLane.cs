using LeadLedger.EventStore.Faults;
using LeadLedger.EventStore.Inbox;
using LeadLedger.EventStore.Outbox;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadLedger.EventStore.Writing;

/// <summary>Commits batches, one after another, on a connection of its own.</summary>
internal sealed partial class WriteLane(
    NpgsqlDataSource database, LedgerModel model, MessageIds messageIds, ILogger log, Action workEnqueued) : IAsyncDisposable
{
    private const int MaxTries = 4;

    /// <summary>idle_in_transaction_session_timeout: the server has hung up on a transaction that was held too long.</summary>
    private const string IdleInTransaction = "25P03";

    private NpgsqlConnection? _connection;
    private Exception? _lastFailure;

    /// <summary>Commits a batch and answers every request of it.</summary>
    public async Task CommitAsync(List<WriteRequest> batch)
    {
        var undecided = new List<WriteRequest>(batch);
        while (undecided.Count > 0)
        {
            var outcome = await TryCommitAsync(undecided);
            if (outcome == Attempted.Failed)
            {
                // One bad request must not harm the others: each is tried alone.
                foreach (var request in undecided)
                {
                    await CommitAloneAsync(request);
                }

                return;
            }

            undecided.RemoveAll(request => request.Rounds == 0);
            if (undecided.Exists(request => request.Rounds > MaxTries))
            {
                foreach (var request in undecided.Where(request => request.Rounds > MaxTries))
                {
                    request.Fail(new LedgerUnavailableException("the lead kept changing while it was decided"));
                }

                undecided.RemoveAll(request => request.Rounds > MaxTries);
            }
        }
    }

    public async ValueTask DisposeAsync() => await DropConnectionAsync();

    private async Task CommitAloneAsync(WriteRequest request)
    {
        List<WriteRequest> alone = [request];
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await TryCommitAsync(alone);
            if (outcome == Attempted.Committed && request.Rounds == 0)
            {
                return;
            }

            if (attempt > MaxTries)
            {
                request.Fail(new LedgerUnavailableException("the database refused the commit several times", _lastFailure));
                return;
            }
        }
    }

    /// <summary>
    /// Runs one transaction. Requests that were answered leave with Rounds 0; those that need more rows stay, with one round more.
    /// </summary>
    private async Task<Attempted> TryCommitAsync(List<WriteRequest> requests)
    {
        NpgsqlConnection connection;
        try
        {
            connection = await OpenAsync();
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or InvalidOperationException or System.Net.Sockets.SocketException)
        {
            LogUnavailable(log, exception.Message);
            FailAll(requests, new LedgerUnavailableException("the database cannot be reached", exception));
            return Attempted.Committed;
        }

        var sent = false;
        try
        {
            var state = await LockAndReadAsync(connection, requests);
            FailPoint.Hit(FailPoints.WriteLocked);
            var (decided, writes) = Decide(requests, state);
            await using (var batch = BatchCommands.WriteAndCommit(connection, writes))
            {
                sent = true;
                await batch.ExecuteNonQueryAsync();
            }

            FailPoint.Hit(FailPoints.WriteCommitted);

            foreach (var request in decided)
            {
                request.Succeed();
            }

            if (writes.Messages.Count > 0)
            {
                workEnqueued();
            }

            return Attempted.Committed;
        }
        catch (PostgresException exception) when (exception.SqlState is not (PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or IdleInTransaction))
        {
            // The server said it rolled back. Races are worth another try, one by one; so is a bad request's neighbour.
            _lastFailure = exception;
            await RollBackAsync(connection);
            ResetRounds(requests);
            if (requests.Count == 1 && !IsWorthRetrying(exception))
            {
                LogRefused(log, exception.SqlState, exception.ConstraintName ?? "", exception.MessageText);
                requests[0].Fail(new DecisionFailedException("the database refused what the decision wrote", exception));
                requests[0].Rounds = 0;
                return Attempted.Committed;
            }

            return Attempted.Failed;
        }
        catch (Exception exception) when (!sent && IsLostConnection(exception))
        {
            // The wire broke before anything was written: certainly not committed, so it is done again on a new connection.
            _lastFailure = exception;
            await DropConnectionAsync();
            ResetRounds(requests);
            return Attempted.Failed;
        }
        catch (Exception exception) when (IsLostConnection(exception))
        {
            // The wire broke: whether it was committed is unknown. Nobody is told yes; a sender's next try finds the receipt.
            LogUnavailable(log, exception.Message);
            await DropConnectionAsync();
            FailAll(requests, new LedgerUnavailableException("the database did not confirm", exception));
            return Attempted.Committed;
        }
        catch (Exception exception)
        {
            // A damaged row or a defect of ours: it concerns one request, and is found by trying each alone.
            _lastFailure = exception;
            await RollBackAsync(connection);
            ResetRounds(requests);
            if (requests.Count > 1)
            {
                return Attempted.Failed;
            }

            LogFailed(log, exception);
            requests[0].Fail(new DecisionFailedException(exception.Message, exception));
            return Attempted.Committed;
        }
    }

    private async Task<BatchState> LockAndReadAsync(NpgsqlConnection connection, List<WriteRequest> requests)
    {
        var keys = new BatchKeys(
            [.. requests.Where(r => r.Receipt is not null).Select(r => r.Receipt!)],
            [.. requests.SelectMany(r => r.AllGates).Distinct().Order()],
            [.. requests.SelectMany(r => r.AllStreams).Distinct()],
            [.. requests.SelectMany(r => r.OutboxRows).Distinct()]);
        var state = new BatchState();
        await using var batch = BatchCommands.LockAndRead(connection, model, keys);
        await using var reader = await batch.ExecuteReaderAsync();

        // begin and the settings come first; "begin" has no result set.
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            var body = reader.GetFieldValue<byte[]>(3);
            state.Receipts[(reader.GetString(0), reader.GetString(1), reader.GetString(2))] =
                (body, new EarlierReceipt(reader.GetString(4), reader.IsDBNull(5) ? null : reader.GetString(5), true));
        }

        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            state.Gates[new GateKey(reader.GetString(0), reader.GetString(1), reader.GetString(2))] =
                new Gate(model.Gates.Read(reader.GetFieldValue<byte[]>(3)), reader.GetFieldValue<Guid[]>(4));
        }

        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            state.Streams[new StreamKey(reader.GetString(0), reader.GetGuid(1))] =
                new LoadedStream(model.StreamNamed(reader.GetString(2)), reader.GetInt64(3), null, IsNew: false);
        }

        foreach (var type in model.Streams)
        {
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
            {
                var key = new StreamKey(reader.GetString(0), reader.GetGuid(1));
                if (!state.Streams.TryGetValue(key, out var stream) || stream.Version != reader.GetInt64(2))
                {
                    throw new InvalidOperationException(
                        $"the document of stream {key.Id} is not at its version; run 'leadledger verify' and 'leadledger rebuild'");
                }

                state.Streams[key] = stream with { State = type.Read(reader.GetFieldValue<byte[]>(3)) };
            }
        }

        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            var item = OutboxRows.Read(reader);
            state.OutboxRows[item.Id] = item;
        }

        return state;
    }

    private (List<WriteRequest> Decided, BatchWrites Writes) Decide(List<WriteRequest> requests, BatchState state)
    {
        var decided = new List<WriteRequest>(requests.Count);
        var writes = new BatchWrites();
        var dirtyStreams = new Dictionary<StreamKey, NodaTime.Instant>();
        var dirtyGates = new HashSet<GateKey>();
        foreach (var request in requests)
        {
            var unit = new WriteUnit(model, state, request, messageIds);
            var receipt = request.Receipt;
            if (receipt is not null && state.Receipts.TryGetValue((receipt.Tenant, receipt.Source, receipt.Key), out var earlier))
            {
                var same = earlier.Sha256.AsSpan().SequenceEqual(receipt.BodySha256);
                unit.Earlier = earlier.Receipt with { SameBody = same };
                KeepReplay(receipt, same, state, writes);
            }

            try
            {
                request.Decide(unit);
            }
            catch (MoreRowsNeededException)
            {
                request.Rounds++;
                continue;
            }
            catch (Exception exception)
            {
                request.Rounds = 0;
                request.Fail(new DecisionFailedException("the decision failed", exception));
                continue;
            }

            request.Rounds = 0;
            decided.Add(request);
            Merge(unit, request, state, writes, dirtyStreams, dirtyGates);
        }

        // Sorted, so that two lanes that insert the same new rows wait for each other instead of dead-locking.
        foreach (var (key, at) in dirtyStreams.OrderBy(pair => pair.Key.Tenant, StringComparer.Ordinal).ThenBy(pair => pair.Key.Id))
        {
            writes.Streams.Add((key, state.Streams[key], at));
        }

        foreach (var key in dirtyGates.Order())
        {
            var gate = state.Gates[key];
            writes.Gates.Add((key, model.Gates.Write(gate.State), gate.Streams));
        }

        return (decided, writes);
    }

    private static void KeepReplay(Receipt receipt, bool same, BatchState state, BatchWrites writes)
    {
        if (same)
        {
            if (!writes.Replays.Exists(r => r.Key == receipt.Key && r.Source == receipt.Source && r.Tenant == receipt.Tenant)
                && !writes.Receipts.Exists(r => r.Receipt.Key == receipt.Key && r.Receipt.Source == receipt.Source))
            {
                writes.Replays.Add(receipt);
            }

            return;
        }

        // The same key with another body is kept under a key of its own, once for each body.
        var kept = receipt with { Key = $"{receipt.Key}~{Convert.ToHexStringLower(receipt.BodySha256.AsSpan(0, 8))}" };
        if (!writes.Conflicts.Exists(r => r.Key == kept.Key && r.Source == kept.Source && r.Tenant == kept.Tenant))
        {
            writes.Conflicts.Add(kept);
        }
    }

    private static void Merge(
        WriteUnit unit,
        WriteRequest request,
        BatchState state,
        BatchWrites writes,
        Dictionary<StreamKey, NodaTime.Instant> dirtyStreams,
        HashSet<GateKey> dirtyGates)
    {
        foreach (var (key, stream) in unit.ChangedStreams)
        {
            state.Streams[key] = stream;
            dirtyStreams[key] = request.Now;
        }

        foreach (var (key, gate) in unit.ChangedGates)
        {
            state.Gates[key] = gate;
            dirtyGates.Add(key);
        }

        writes.Events.AddRange(unit.Events);
        foreach (var (message, stream, tenant, id) in unit.Messages)
        {
            writes.Messages.Add((id, tenant, stream?.Id, message, request.Now));
        }

        foreach (var change in unit.Changes)
        {
            writes.Changes.Add((change, request.Now));
            if (state.OutboxRows.TryGetValue(change.Id, out var row))
            {
                state.OutboxRows[change.Id] = row with { State = change.State };
            }
        }

        writes.Attempts.AddRange(unit.Attempts.Select(attempt => (attempt, request.Now)));
        if (request.Receipt is { } receipt && unit.Earlier is null && unit.ReceiptOutcome is var (outcome, answer, problem, id2))
        {
            writes.Receipts.Add((receipt, outcome, answer, problem, id2));
            state.Receipts[(receipt.Tenant, receipt.Source, receipt.Key)] =
                (receipt.BodySha256, new EarlierReceipt(outcome, answer, true));
        }
    }

    private async ValueTask<NpgsqlConnection> OpenAsync()
    {
        if (_connection is { FullState: System.Data.ConnectionState.Open } open)
        {
            return open;
        }

        await DropConnectionAsync();
        return _connection = await database.OpenConnectionAsync();
    }

    private async Task RollBackAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var command = new NpgsqlCommand("rollback", connection);
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or InvalidOperationException)
        {
            await DropConnectionAsync();
        }
    }

    private async Task DropConnectionAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    private static void FailAll(List<WriteRequest> requests, Exception exception)
    {
        foreach (var request in requests)
        {
            request.Rounds = 0;
            request.Fail(exception);
        }
    }

    private static void ResetRounds(List<WriteRequest> requests) => requests.ForEach(request => request.Rounds = 0);

    private static bool IsLostConnection(Exception exception) =>
        exception is NpgsqlException or IOException or TimeoutException or ObjectDisposedException;

    private static bool IsWorthRetrying(PostgresException exception) =>
        exception.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.LockNotAvailable
        || (exception.SqlState == PostgresErrorCodes.UniqueViolation
            && exception.ConstraintName is "pk_mt_events_stream_and_version" or "pkey_mt_streams_tenant_id_id"
                or "inbox_pkey" or "contact_point_pkey" or "pkey_mt_events_seq_id");

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is away: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database refused a commit: {SqlState} {Constraint} {Text}")]
    private static partial void LogRefused(ILogger logger, string sqlState, string constraint, string text);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request could not be decided or written")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    private enum Attempted
    {
        /// <summary>Every request was answered, or asks for more rows.</summary>
        Committed,

        /// <summary>Rolled back; nobody was answered.</summary>
        Failed,
    }
}
