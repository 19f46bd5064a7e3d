using LeadLedger.EventStore;
using NodaTime;

namespace LeadLedger.Reading;

/// <summary>An event as it is stored, its data untouched, so that its hash can be computed again from what is shown.</summary>
public sealed record HistoryEntry
{
    public required StreamKey Stream { get; init; }

    public required long Version { get; init; }

    public required Guid Id { get; init; }

    /// <summary>The stored alias.</summary>
    public required string Type { get; init; }

    /// <summary>The data as stored, JSON.</summary>
    public required byte[] Data { get; init; }

    public required Instant RecordedAt { get; init; }

    public string? CausationId { get; init; }

    public string? CorrelationId { get; init; }

    public required string Actor { get; init; }

    public required string Algorithm { get; init; }

    public required string Hash { get; init; }

    public string? PreviousHash { get; init; }

    public required string Leaf { get; init; }

    public required string Salt { get; init; }

    /// <summary>Position among all events; orders the streams of a merged lead.</summary>
    public required long Position { get; init; }

    /// <summary>Whether leaf and hash come out the same when computed again, and the event follows <paramref name="before"/>.</summary>
    /// <param name="before">Hash of the event before it in its stream; null for the first.</param>
    public bool Verifies(string? before)
    {
        if (Algorithm != HashChain.Algorithm || PreviousHash != before)
        {
            return false;
        }

        try
        {
            return HashChain.Leaf(Convert.FromHexString(Salt), CanonicalJson.Of(Data)) == Leaf
                && HashChain.Hash(new ChainedEvent(
                    Algorithm, Stream.Tenant, Stream.Id, Version, Id, Type, RecordedAt, CausationId, CorrelationId, Actor, Leaf, PreviousHash)) == Hash;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
