using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LeadLedger.EventStore;

/// <summary>A locked gate row: what the events about this contact point add up to, and the streams that use it.</summary>
/// <param name="State">The folded state.</param>
/// <param name="Streams">The streams that use it, most recent first.</param>
public sealed record Gate(object State, IReadOnlyList<Guid> Streams);

/// <summary>How events change gate rows: the second inline projection.</summary>
public abstract class GateType
{
    /// <summary>The contact points an event is about; most events are about none.</summary>
    public required Func<RecordedEvent, IReadOnlyList<GateKey>> KeysOf { get; init; }

    internal abstract Gate Empty { get; }

    internal abstract Gate Apply(GateKey key, Gate gate, RecordedEvent recorded);

    internal abstract byte[] Write(object state);

    internal abstract object Read(ReadOnlySpan<byte> json);
}

/// <inheritdoc/>
public sealed class GateType<TState>(
    TState empty,
    Func<GateKey, TState, IReadOnlyList<Guid>, RecordedEvent, (TState State, IReadOnlyList<Guid> Streams)> apply,
    JsonTypeInfo<TState> json)
    : GateType
    where TState : class
{
    internal override Gate Empty { get; } = new(empty, []);

    internal override Gate Apply(GateKey key, Gate gate, RecordedEvent recorded)
    {
        var (state, streams) = apply(key, (TState)gate.State, gate.Streams, recorded);
        return new Gate(state, streams);
    }

    internal override byte[] Write(object state) => JsonSerializer.SerializeToUtf8Bytes((TState)state, json);

    internal override object Read(ReadOnlySpan<byte> document) =>
        document.SequenceEqual("{}"u8) ? empty : JsonSerializer.Deserialize(document, json)!;
}
