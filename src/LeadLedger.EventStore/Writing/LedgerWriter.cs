using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadLedger.EventStore.Writing;

/// <summary>
/// The write path of this process. Whatever waits when a lane is free goes into one transaction of two round trips: one to
/// lock and read, one to write and commit; decisions run in between, in memory and in order. Idle means a batch of
/// one. Two lanes overlap one's commit with the other's decisions; they, and other processes on the same database,
/// are kept apart by the locked rows and the unique keys. Stopping commits what waits: the host stops it after everything that writes.
/// </summary>
public sealed class LedgerWriter(
    NpgsqlDataSource database, LedgerModel model, ILogger<LedgerWriter> log, int lanes = LedgerWriter.DefaultLanes)
    : IHostedService, IDisposable
{
    /// <summary>Most requests in one transaction.</summary>
    public const int MaxBatch = 64;

    /// <summary>Most requests that wait; beyond it callers are told to come back.</summary>
    public const int MaxWaiting = 1024;

    /// <summary>Transactions under way at once.</summary>
    public const int DefaultLanes = 2;

    /// <summary>Longest a caller waits for an answer: less than the time-outs of those who deliver webhooks.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    /// <summary>Longest that stopping waits for what is still to be committed.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly MessageIds _messageIds = new();
    private readonly Channel<WriteRequest> _waiting = Channel.CreateBounded<WriteRequest>(MaxWaiting);
    private readonly CancellationTokenSource _abandon = new();
    private Task _running = Task.CompletedTask;
    private long _effectsLeftOut;
    private bool _stopping;
    private bool _disposed;

    /// <summary>Raised after a commit that enqueued work, so that the dispatcher need not wait for its poll.</summary>
    public event Action? WorkEnqueued;

    /// <summary>Requests that no lane has taken yet.</summary>
    public int Waiting => _waiting.Reader.Count;

    /// <summary>How often, since the start, work was enqueued whose effect had been asked for before.</summary>
    public long EffectsLeftOut => Interlocked.Read(ref _effectsLeftOut);
    /// <summary>
    /// Raised when a lane has lost its connection, before it tries again on a new one: what happened to the database meanwhile is not known.
    /// </summary>
    public event Action? ConnectionLost;

    /// <summary>Decides and commits; the answer is given only after the commit.</summary>
    /// <exception cref="LedgerUnavailableException">The database is away or did not confirm.</exception>
    /// <exception cref="LedgerBusyException">Too much is waiting.</exception>
    /// <exception cref="DecisionFailedException">The decision threw; nothing was written.</exception>
    public async Task<T> WriteAsync<T>(WriteRequest<T> request)
    {
        if (!_waiting.Writer.TryWrite(request))
        {
            throw _stopping ? new LedgerUnavailableException("the service is stopping") : new LedgerBusyException();
        }

        try
        {
            return await request.Completion.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            // A lane that has not taken it will leave it; one that has may still commit it.
            request.Fail(new LedgerUnavailableException("the database did not confirm in time") { MayBeCommitted = true });
            return await request.Completion;
        }
    }

    /// <summary>Starts the lanes, whatever the token says: whoever waits already must be answered.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(RunLaneAsync, CancellationToken.None)));
        return Task.CompletedTask;
    }

    /// <summary>Takes nothing more, commits what waits, and answers what cannot be committed in time.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        _waiting.Writer.TryComplete();
        try
        {
            await _running.WaitAsync(StopPatience, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // The database does not answer; the batch under way ends with its own time limit.
        }

        await _abandon.CancelAsync();
        while (_waiting.Reader.TryRead(out var left))
        {
            left.Fail(new LedgerUnavailableException("the service is stopping"));
        }
    }

    public void Dispose()
    {
        // The host disposes of it as a singleton and as a hosted service.
        if (!_disposed)
        {
            _disposed = true;
            _waiting.Writer.TryComplete();
            _abandon.Cancel();
            _abandon.Dispose();
        }
    }

    private async Task RunLaneAsync()
    {
        await using var lane = new WriteLane(database, model, _messageIds, log,
            new LaneSignals(
                () => WorkEnqueued?.Invoke(), count => Interlocked.Add(ref _effectsLeftOut, count), () => ConnectionLost?.Invoke()));
        var abandon = _abandon.Token;
        var batch = new List<WriteRequest>(MaxBatch);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(abandon))
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
            // Stopping took too long; what waits is answered by whoever stops.
        }
    }
}
