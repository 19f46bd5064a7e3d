using LeadLedger.EventStore.Inbox;
using NodaTime;

namespace LeadLedger.EventStore.Writing;

/// <summary>
/// One thing to decide and commit: which rows it needs locked, and the function that decides.
/// Requests that wait while a transaction runs are committed together in the next one.
/// </summary>
public abstract class WriteRequest
{
    /// <summary>Read once at the edge; every timestamp of this request is this.</summary>
    public required Instant Now { get; init; }

    /// <summary>Who is acting, such as <c>staff:anna</c>.</summary>
    public required string Actor { get; init; }

    public string? CausationId { get; init; }

    public string? CorrelationId { get; init; }

    /// <summary>The delivery that asks for it; a key seen before is answered from its earlier receipt.</summary>
    public Receipt? Receipt { get; init; }

    public IReadOnlyList<GateKey> Gates { get; init; } = [];

    public IReadOnlyList<StreamKey> Streams { get; init; } = [];

    public IReadOnlyList<Guid> OutboxRows { get; init; } = [];

    internal HashSet<GateKey> MoreGates { get; } = [];

    internal HashSet<StreamKey> MoreStreams { get; } = [];

    internal int Rounds { get; set; }

    internal IEnumerable<GateKey> AllGates => Gates.Concat(MoreGates);

    internal IEnumerable<StreamKey> AllStreams => Streams.Concat(MoreStreams);

    /// <summary>Whether its caller has an answer, or has given up waiting for one; nothing more is written for it then.</summary>
    internal abstract bool IsAnswered { get; }

    internal abstract void Decide(WriteUnit unit);

    internal abstract void Succeed();

    internal abstract void Fail(Exception exception);
}

/// <summary>A request whose decision answers with a <typeparamref name="T"/>.</summary>
public sealed class WriteRequest<T>(Func<WriteUnit, T> decide) : WriteRequest
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _answer;

    internal Task<T> Completion => _completion.Task;

    internal override bool IsAnswered => _completion.Task.IsCompleted;

    internal override void Decide(WriteUnit unit) => _answer = decide(unit);

    internal override void Succeed() => _completion.TrySetResult(_answer!);

    internal override void Fail(Exception exception) => _completion.TrySetException(exception);
}

/// <summary>The database cannot be reached or did not confirm; the sender must try again. Nothing was acknowledged.</summary>
public sealed class LedgerUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when it could not be found out whether it was committed; false when it certainly was not.</summary>
    public bool MayBeCommitted { get; init; }
}

/// <summary>The decision itself failed, on data that a retry would not change.</summary>
public sealed class DecisionFailedException(string message, Exception inner) : Exception(message, inner);

/// <summary>More requests wait than the service is willing to hold.</summary>
public sealed class LedgerBusyException() : Exception("the ledger has more work waiting than it will hold; try again");
