using LeadLedger.EventStore.Inbox;
using LeadLedger.EventStore.Outbox;
using NodaTime;

namespace LeadLedger.EventStore.Writing;

/// <summary>Everything a batch will write, collected from its successful requests.</summary>
internal sealed class BatchWrites
{
    public List<(StreamKey Key, LoadedStream Stream, Instant At)> Streams { get; } = [];

    public List<PendingEvent> Events { get; } = [];

    public List<(GateKey Key, byte[] Data, IReadOnlyList<Guid> Streams)> Gates { get; } = [];

    public List<(Guid Id, string Tenant, Guid? StreamId, OutboxMessage Message, Instant At)> Messages { get; } = [];

    public List<(OutboxChange Change, Instant At)> Changes { get; } = [];

    public List<(OutboxAttempt Attempt, Instant At)> Attempts { get; } = [];

    public List<(OutboxSpread Spread, Instant At)> Spreads { get; } = [];

    public List<(Receipt Receipt, string Outcome, string? AnswerJson, string? Problem, Guid? Stream)> Receipts { get; } = [];

    /// <summary>Deliveries under a known key with another body. The same one may come again, and is then kept already.</summary>
    public List<Receipt> Conflicts { get; } = [];

    public List<Receipt> Replays { get; } = [];

    public bool IsEmpty =>
        Events.Count == 0 && Messages.Count == 0 && Changes.Count == 0 && Attempts.Count == 0 && Receipts.Count == 0 && Conflicts.Count == 0
        && Replays.Count == 0 && Spreads.Count == 0;
}
