using System.Threading.Channels;
using Npgsql;

namespace LeadLedger.EventStore.Verification;

/// <summary>
/// Makes documents, gate rows and audit trail again from the events, in one transaction. Writers wait for it and are told
/// to come back; readers see the old rows until it commits. Running it twice is running it once.
/// </summary>
public sealed class Rebuilder(NpgsqlDataSource database, LedgerModel model)
{
    /// <summary>Rebuilds the whole ledger's derived rows.</summary>
    /// <exception cref="RebuildRefusedException">An event is damaged.</exception>
    public async Task<RebuildReport> RebuildAsync(
        IProgress<LedgerProgress>? progress = null, CancellationToken cancellation = default)
    {
        await using var writer = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await writer.BeginTransactionAsync(cancellation);
        await LockAsync(writer, cancellation);
        var total = await CountEventsAsync(writer, cancellation);
        var ranges = await LedgerRange.CutAsync(writer, VerificationScope.Everything, cancellation);
        var types = new HashSet<string>(StringComparer.Ordinal);
        long events = 0, streams = 0, documents = 0, auditRows = 0;
        await foreach (var range in ReadAsync(ranges, cancellation))
        {
            await RebuildWrites.WriteAsync(writer, range, cancellation);
            types.UnionWith(range.GateTypes);
            events += range.Events;
            streams += range.Streams;
            documents += Math.Max(range.NewDocuments.Count, range.OldDocuments.Count);
            auditRows += Math.Max(range.NewAudit.Count, range.OldAudit.Count);
            progress?.Report(new LedgerProgress("events", events, total));
        }

        if (events != total)
        {
            throw new RebuildRefusedException(
                new LedgerProblem("mt_events", "*", null, null, "events belong to no business or stream"));
        }

        var gates = await RebuildGatesAsync(writer, types, progress, cancellation);
        await HoldCheck.RebuildAsync(writer, model, cancellation);
        await transaction.CommitAsync(cancellation);
        return new RebuildReport
        {
            Events = events,
            Streams = streams,
            Documents = documents,
            AuditRows = auditRows,
            ContactPoints = gates,
        };
    }

    // Every writer touches the gate rows first, so this lock alone keeps them out; the others guard against anybody else.
    // Nobody can commit an event while they are held, so the readers below need no common snapshot.
    private async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var documents = string.Join(", ", model.Streams.Select(type => type.Table));
        await using var command = new NpgsqlCommand(
            $"""
            set local lock_timeout = '30s';
            lock table contact_point in exclusive mode;
            lock table mt_streams, mt_events, {documents}, audit_trail in share row exclusive mode;
            """,
            connection)
        { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    // Several readers fold, one connection writes what they found; a bounded queue keeps the readers from running ahead.
    private async IAsyncEnumerable<RangeRebuild> ReadAsync(
        List<LedgerRange> ranges, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var workers = Environment.ProcessorCount;
        var results = Channel.CreateBounded<RangeRebuild>(workers);
        var next = -1;
        var reading = Task.WhenAll(Enumerable.Range(0, Math.Min(workers, ranges.Count)).Select(_ => Task.Run(WorkAsync, stop.Token)));
        _ = reading.ContinueWith(
            done => results.Writer.TryComplete(done.Exception?.InnerException),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await foreach (var range in results.Reader.ReadAllAsync(cancellation))
            {
                yield return range;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        async Task WorkAsync()
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stop.Token);
                while (Interlocked.Increment(ref next) is var index && index < ranges.Count)
                {
                    var range = new RangeRebuild(model);
                    await range.RunAsync(connection, ranges[index], stop.Token);
                    await results.Writer.WriteAsync(range, stop.Token);
                }
            }
            catch (Exception exception)
            {
                // The one that consumes hears of it now, not when the other readers are done.
                results.Writer.TryComplete(exception);
                throw;
            }
        }
    }

    private async Task<long> RebuildGatesAsync(
        NpgsqlConnection connection, HashSet<string> types, IProgress<LedgerProgress>? progress, CancellationToken cancellation)
    {
        var gates = await GateFold.RunAsync(
            connection, model, types, VerificationScope.Everything,
            done => progress?.Report(new LedgerProgress("contact points", done, 0)), cancellation);
        var rows = await GateFold.ReadRowsAsync(connection, VerificationScope.Everything, cancellation);
        var old = new List<GateKey>();
        var added = new List<(GateKey Key, byte[] Data, IReadOnlyList<Guid> Streams)>();
        foreach (var (key, row) in rows)
        {
            if (!gates.Remove(key, out var gate))
            {
                // A row that no event is about says nothing: it was only locked.
                if (!row.IsUntouched)
                {
                    old.Add(key);
                }

                continue;
            }

            var data = model.Gates.Write(gate.State);
            if (row.DifferenceFrom(data, gate.Streams) is not null)
            {
                old.Add(key);
                added.Add((key, data, gate.Streams));
            }
        }

        added.AddRange(gates.Select(entry => (entry.Key, model.Gates.Write(entry.Value.State), entry.Value.Streams)));
        await RebuildWrites.WriteGatesAsync(connection, old, added, cancellation);
        return Math.Max(old.Count, added.Count);
    }

    private static async Task<long> CountEventsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select count(*) from mt_events", connection) { CommandTimeout = 0 };
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
