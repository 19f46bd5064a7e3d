using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadLedger.EventStore.Writing;

/// <summary>
/// The write path of this process. Whatever waits when a lane is free goes into one transaction of two round trips: one to
/// lock and read, one to write and commit; decisions run in between, in memory and in order. Idle means a batch of
/// one. Two lanes overlap one's commit with the other's decisions; they, and other processes on the same database,
/// are kept apart by the locked rows and the unique keys.
/// </summary>
public sealed class LedgerWriter(
    NpgsqlDataSource database, LedgerModel model, ILogger<LedgerWriter> log, int lanes = LedgerWriter.DefaultLanes)
    : BackgroundService
{
    /// <summary>Most requests in one transaction.</summary>
    public const int MaxBatch = 64;

    /// <summary>Most requests that wait; beyond it callers are told to come back.</summary>
    public const int MaxWaiting = 1024;

    /// <summary>Transactions under way at once.</summary>
    public const int DefaultLanes = 2;

    private readonly MessageIds _messageIds = new();
    private readonly Channel<WriteRequest> _waiting = Channel.CreateBounded<WriteRequest>(MaxWaiting);

    /// <summary>Raised after a commit that enqueued work, so that the dispatcher need not wait for its poll.</summary>
    public event Action? WorkEnqueued;

    /// <summary>
    /// Raised when a lane has lost its connection, before it tries again on a new one: what happened to the database meanwhile is not known.
    /// </summary>
    public event Action? ConnectionLost;

    /// <summary>Decides and commits; the answer is given only after the commit.</summary>
    /// <exception cref="LedgerUnavailableException">The database is away or did not confirm.</exception>
    /// <exception cref="LedgerBusyException">Too much is waiting.</exception>
    /// <exception cref="DecisionFailedException">The decision threw; nothing was written.</exception>
    public Task<T> WriteAsync<T>(WriteRequest<T> request)
    {
        if (!_waiting.Writer.TryWrite(request))
        {
            throw new LedgerBusyException();
        }

        return request.Completion;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(() => RunLaneAsync(stoppingToken), CancellationToken.None)));

        // Stopping: what still waits is answered, so that no caller hangs.
        _waiting.Writer.TryComplete();
        while (_waiting.Reader.TryRead(out var left))
        {
            left.Fail(new LedgerUnavailableException("the service is stopping"));
        }
    }

    private async Task RunLaneAsync(CancellationToken stopping)
    {
        await using var lane = new WriteLane(database, model, _messageIds, log, () => WorkEnqueued?.Invoke(), () => ConnectionLost?.Invoke());
        var batch = new List<WriteRequest>(MaxBatch);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stopping))
            {
                while (batch.Count < MaxBatch && _waiting.Reader.TryRead(out var request))
                {
                    batch.Add(request);
                }

                await lane.CommitAsync(batch);
                batch.Clear();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping; the batch under way was finished.
        }
    }
}
