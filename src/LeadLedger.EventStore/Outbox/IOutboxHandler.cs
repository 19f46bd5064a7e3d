namespace LeadLedger.EventStore.Outbox;

/// <summary>Does one kind of work. It records how the work ended itself, in the transaction that closes the row.</summary>
public interface IOutboxHandler
{
    /// <summary>The kinds it takes.</summary>
    IReadOnlyCollection<string> Kinds { get; }

    /// <summary>How much of one kind is worked at once in a process; few for what is heavy and nobody waits for.</summary>
    int Places => OutboxDispatcher.MaxOfKind;

    /// <summary>Does the work of a claimed row.</summary>
    Task HandleAsync(OutboxItem item, CancellationToken cancellation);

    /// <summary>A row was left in <see cref="OutboxStates.Calling"/> by a worker that did not come back: what happened is unknown.</summary>
    Task AbandonedAsync(OutboxItem item, CancellationToken cancellation);
}
