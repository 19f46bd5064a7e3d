using NodaTime;

namespace LeadLedger.EventStore;

/// <summary>An event as the ledger holds it: the fact, its place in the stream, and its link in the hash chain.</summary>
public sealed record RecordedEvent
{
    public required StreamKey Stream { get; init; }

    /// <summary>Place in the stream, from 1 without gaps.</summary>
    public required long Version { get; init; }

    public required Guid Id { get; init; }

    /// <summary>The stored alias, such as <c>call_missed</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The fact itself.</summary>
    public required object Data { get; init; }

    /// <summary>When it was recorded, UTC in microseconds.</summary>
    public required Instant Timestamp { get; init; }

    /// <summary>What brought it about, such as the delivery or the command.</summary>
    public string? CausationId { get; init; }

    public string? CorrelationId { get; init; }

    /// <summary>Who did it: <c>system</c>, <c>provider:twilio</c>, <c>staff:anna</c>.</summary>
    public required string Actor { get; init; }

    public required string Hash { get; init; }

    /// <summary>The hash before it; null for the first event of a stream.</summary>
    public string? PreviousHash { get; init; }

    public required string Leaf { get; init; }

    public required string Salt { get; init; }

    /// <summary>Position in the table; 0 before the commit. Not a cursor: later numbers can commit earlier.</summary>
    public long Sequence { get; init; }
}
