using LeadLedger.EventStore.Faults;
using LeadLedger.EventStore.Inbox;
using LeadLedger.EventStore.Outbox;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadLedger.EventStore.Writing;

/// <summary>Commits batches, one after another, on a connection of its own.</summary>
internal sealed partial class WriteLane(
    NpgsqlDataSource database, LedgerModel model, MessageIds messageIds, ILogger log, LaneSignals signals) : IAsyncDisposable
{
    private const int MaxTries = 4;

    /// <summary>How often a batch is begun again after its connection was lost with nothing sent.</summary>
    private const int MaxLost = 2;

    /// <summary>How often a batch waits for a server that is short of something; each time twice as long.</summary>
    private const int MaxBusy = 3;

    /// <summary>How long a batch waits for a row that others hold.</summary>
    private const string LockTimeout = "2s";

    /// <summary>The first try of a request on its own: whoever needs the held row shall not make his neighbours wait again.</summary>
    private const string ShortLockTimeout = "100ms";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly LostCommit _lostCommit = new(database);
    private NpgsqlConnection? _connection;
    private Exception? _lastFailure;

    /// <summary>Commits a batch and answers every request of it.</summary>
    public async Task CommitAsync(IReadOnlyList<WriteRequest> batch)
    {
        if (await AttemptAsync([.. batch], LockTimeout))
        {
            return;
        }

        // One bad request must not harm the others: each is tried alone, and those that fail come again after the rest.
        for (var pass = 1; pass <= MaxTries; pass++)
        {
            foreach (var request in batch.Where(request => !request.IsAnswered))
            {
                await AttemptAsync([request], pass == 1 && batch.Count > 1 ? ShortLockTimeout : LockTimeout);
            }
        }

        FailAll(batch, new LedgerUnavailableException("the database refused the commit several times", _lastFailure));
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    /// <summary>Brings requests to their end, together.</summary>
    /// <returns>True when all were answered; false when they must be tried one by one.</returns>
    private async Task<bool> AttemptAsync(List<WriteRequest> requests, string lockTimeout)
    {
        requests.ForEach(request => request.Rounds = 0);
        var lost = 0;
        var busy = 0;
        while (true)
        {
            requests.RemoveAll(request => request.IsAnswered);
            if (requests.Count == 0)
            {
                return true;
            }

            switch (await TryCommitAsync(requests, lockTimeout))
            {
                case null:
                    FailAll(requests.Where(request => request.Rounds > MaxTries), new LedgerUnavailableException("the lead kept changing while it was decided"));
                    break;
                case CommitFailure.Unsent when ++lost <= MaxLost:
                    break;
                case CommitFailure.Busy when ++busy <= MaxBusy:
                    await PauseAsync(FirstPause * (1 << busy));
                    break;
                case CommitFailure.Race:
                    return false;
                case CommitFailure.Refused or CommitFailure.Defect when requests.Count > 1:
                    return false;
                case CommitFailure.Refused or CommitFailure.Defect:
                    LogFailed(log, _lastFailure);
                    requests[0].Fail(new DecisionFailedException(
                        _lastFailure is PostgresException ? "the database refused what the decision wrote" : _lastFailure!.Message, _lastFailure!));
                    return true;
                case CommitFailure.Unknown:
                    LogUnavailable(log, _lastFailure!.Message);
                    FailAll(requests, new LedgerUnavailableException("the database did not confirm", _lastFailure) { MayBeCommitted = true });
                    return true;
                default:
                    LogUnavailable(log, _lastFailure!.Message);
                    FailAll(requests, new LedgerUnavailableException("the database cannot be reached or is overloaded", _lastFailure));
                    return true;
            }
        }
    }

    /// <summary>Runs one transaction. Requests that need more rows stay without an answer, with one round more.</summary>
    /// <returns>Null when it was committed; else what is known. Unknown only when looking it up did not help.</returns>
    private async Task<CommitFailure?> TryCommitAsync(List<WriteRequest> requests, string lockTimeout)
    {
        string? transaction = null;
        List<WriteRequest> decided = [];
        BatchWrites? writes = null;
        var leftOut = 0;
        try
        {
            var connection = await OpenAsync();
            var state = new BatchState();
            transaction = await LockAndReadAsync(connection, requests, state, lockTimeout);
            FailPoint.Hit(FailPoints.WriteLocked);
            (decided, var decidedWrites) = Decide(requests, state);
            FailPoint.Hit(FailPoints.WriteDecided);
            if (PlantedDefect.Is(Defects.AckBeforeCommit))
            {
                Answer(decided, decidedWrites);
            }

            await using var batch = BatchCommands.WriteAndCommit(connection, decidedWrites);
            writes = decidedWrites;
            await batch.ExecuteNonQueryAsync();
            FailPoint.Hit(FailPoints.WriteCommitted);
            leftOut = BatchCommands.LeftOut(batch, writes);
        }
        catch (Exception exception)
        {
            _lastFailure = exception;
            if (await CertainAsync(CommitFailures.Of(exception, commitSent: writes is not null), transaction, writes) is { } failure)
            {
                return failure;
            }
        }

        Answer(decided, writes!);
        if (leftOut > 0)
        {
            await TellLeftOutAsync(writes!);
        }

        return null;
    }

    // The same effect was asked for twice. Once is right, but whoever asked again did not know of the first: a defect worth a look.
    private async Task TellLeftOutAsync(BatchWrites writes)
    {
        try
        {
            await using var batch = BatchCommands.NameLeftOut(await OpenAsync(), writes);
            await using var reader = await batch.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                signals.EffectsLeftOut(1);
                LogLeftOut(log, reader.GetString(1), reader.GetString(0));
            }
        }
        catch (Exception exception) when (CommitFailures.Of(exception, commitSent: false) != CommitFailure.Defect)
        {
            await DropConnectionAsync();
            LogLeftOut(log, "(cannot be named now)", "(unknown)");
        }
    }

    /// <summary>Leaves the connection clean and finds out what can be found out.</summary>
    /// <returns>Null when the transaction turned out to be committed.</returns>
    private async Task<CommitFailure?> CertainAsync(CommitFailure failure, string? transaction, BatchWrites? writes)
    {
        if (failure is CommitFailure.Race or CommitFailure.Refused or CommitFailure.Defect)
        {
            await RollBackAsync();
            if (CommitFailures.IsStatementGone(_lastFailure))
            {
                await ReplaceConnectionAsync();
            }

            return failure;
        }

        await DropConnectionAsync();
        if (failure != CommitFailure.Unknown || PlantedDefect.Is(Defects.BlindReplayOnUnknown))
        {
            return failure == CommitFailure.Unknown ? CommitFailure.Unsent : failure;
        }

        var committed = await _lostCommit.WasCommittedAsync(transaction!, writes!);
        LogLost(log, transaction!, committed switch { true => "committed", false => "not committed", null => "unknown" });
        return committed switch
        {
            true => null,
            false => CommitFailure.Unsent,
            null => CommitFailure.Unknown,
        };
    }

    private void Answer(List<WriteRequest> decided, BatchWrites writes)
    {
        foreach (var request in decided)
        {
            request.Succeed();
        }

        if (writes.Messages.Count > 0)
        {
            signals.WorkEnqueued();
        }
    }

    private static async Task PauseAsync(TimeSpan pause)
    {
        using var timer = new PeriodicTimer(pause);
        await timer.WaitForNextTickAsync();
    }

    /// <returns>The id of the transaction.</returns>
    private async Task<string> LockAndReadAsync(
        NpgsqlConnection connection, List<WriteRequest> requests, BatchState state, string lockTimeout)
    {
        var keys = new BatchKeys(
            [.. requests.Where(r => r.Receipt is not null).Select(r => r.Receipt!)],
            PlantedDefect.Is(Defects.UnsortedGateRows)
                ? [.. requests.SelectMany(r => r.AllGates).Distinct()]
                : [.. requests.SelectMany(r => r.AllGates).Distinct().Order()],
            [.. requests.SelectMany(r => r.AllStreams).Distinct()],
            [.. requests.SelectMany(r => r.OutboxRows).Distinct()]);
        await using var batch = BatchCommands.LockAndRead(connection, model, keys, lockTimeout);
        await using var reader = await batch.ExecuteReaderAsync();

        // begin and the settings come first; "begin" has no result set.
        await reader.ReadAsync();
        var transaction = reader.GetString(0);
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            if (PlantedDefect.Is(Defects.ForgottenReceipts))
            {
                continue;
            }

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
                if (!state.Streams.TryGetValue(key, out var stream))
                {
                    throw new StreamBegunException();
                }

                if (stream.Version != reader.GetInt64(2))
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

        return transaction;
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
                var same = earlier.Sha256.Length == 0 || earlier.Sha256.AsSpan().SequenceEqual(receipt.BodySha256);
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
                request.Fail(new DecisionFailedException("the decision failed", exception));
                continue;
            }

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
        writes.Spreads.AddRange(unit.Spreads.Select(spread => (spread, request.Now)));
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

    private async Task RollBackAsync()
    {
        if (_connection is not { FullState: System.Data.ConnectionState.Open } connection)
        {
            await DropConnectionAsync();
            return;
        }

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

    // Not into the pool, which would hand it out again as it is.
    private async Task ReplaceConnectionAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            database.Clear();
            await connection.DisposeAsync();
        }
    }

    private async Task DropConnectionAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            signals.ConnectionLost();
            await connection.DisposeAsync();
        }
    }

    private static void FailAll(IEnumerable<WriteRequest> requests, Exception exception)
    {
        foreach (var request in requests)
        {
            request.Fail(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is away: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The confirmation of transaction {Transaction} was lost; it was looked up: {Fate}")]
    private static partial void LogLost(ILogger logger, string transaction, string fate);

    [LoggerMessage(Level = LogLevel.Error, Message = "The effect {EffectKey} of {Tenant} was asked for again; it is there already, and was not added twice")]
    private static partial void LogLeftOut(ILogger logger, string effectKey, string tenant);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request could not be decided or written")]
    private static partial void LogFailed(ILogger logger, Exception? exception);
}

/// <summary>What a lane tells the writer it belongs to.</summary>
internal sealed record LaneSignals(Action WorkEnqueued, Action<int> EffectsLeftOut, Action ConnectionLost);
