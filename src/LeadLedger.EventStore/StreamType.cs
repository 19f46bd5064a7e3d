using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LeadLedger.EventStore.Outbox;

namespace LeadLedger.EventStore;

/// <summary>
/// A kind of stream, such as leads: how its facts fold into a state, and the document that keeps that state.
/// The document is the inline projection; it is written in the transaction that appends.
/// </summary>
public abstract class StreamType
{
    /// <summary>Name in <c>mt_streams.type</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Table of the state documents, such as <c>mt_doc_leadview</c>.</summary>
    public required string Table { get; init; }

    /// <summary>Value of <c>mt_dotnet_type</c> in that table.</summary>
    public abstract string DotnetType { get; }

    /// <summary>Whether streams of this kind hold sending scopes.</summary>
    internal abstract bool MayHold { get; }

    internal abstract object Empty { get; }

    internal abstract object Apply(object state, RecordedEvent recorded);

    internal abstract byte[] Write(object state);

    internal abstract object Read(ReadOnlySpan<byte> json);

    internal abstract string? HeadOf(object state);

    internal abstract IReadOnlyList<SendingHold> HoldsOf(object state);
}

/// <summary>What a folded state must remember for the store: where its chain ends.</summary>
public interface IStreamState
{
    /// <summary>Hash of the last event folded; null before the first.</summary>
    string? Head { get; }
}

/// <inheritdoc/>
public sealed class StreamType<TState>(TState empty, Func<TState, RecordedEvent, TState> apply, JsonTypeInfo<TState> json)
    : StreamType
    where TState : class, IStreamState
{
    public override string DotnetType { get; } = $"{typeof(TState).FullName}, {typeof(TState).Assembly.GetName().Name}";

    /// <summary>The scopes that a state holds, one row each; null for streams that hold none.</summary>
    public Func<TState, IReadOnlyList<SendingHold>>? Holds { get; init; }

    internal override bool MayHold => Holds is not null;

    internal override object Empty => empty;

    /// <summary>Folds events over the empty state.</summary>
    public TState Fold(IEnumerable<RecordedEvent> events) => events.Aggregate(empty, apply);

    internal override object Apply(object state, RecordedEvent recorded) => apply((TState)state, recorded);

    internal override byte[] Write(object state) => JsonSerializer.SerializeToUtf8Bytes((TState)state, json);

    internal override object Read(ReadOnlySpan<byte> document) => JsonSerializer.Deserialize(document, json)!;

    internal override string? HeadOf(object state) => ((TState)state).Head;

    internal override IReadOnlyList<SendingHold> HoldsOf(object state) => Holds?.Invoke((TState)state) ?? [];
}
