using System.Security.Cryptography;
using System.Text.Json;
using LeadLedger.EventStore.Inbox;
using LeadLedger.EventStore.Outbox;
using NodaTime;

namespace LeadLedger.EventStore.Writing;

/// <summary>
/// What one request sees and writes. It reads the locked rows, and the facts of earlier requests of the same batch;
/// what it writes reaches the batch only when its decision has succeeded.
/// </summary>
public sealed class WriteUnit
{
    private readonly LedgerModel _model;
    private readonly BatchState _batch;
    private readonly WriteRequest _request;
    private readonly MessageIds _messageIds;
    private readonly Dictionary<StreamKey, LoadedStream> _streams = [];
    private readonly Dictionary<GateKey, Gate> _gates = [];

    internal WriteUnit(LedgerModel model, BatchState batch, WriteRequest request, MessageIds messageIds)
    {
        _model = model;
        _batch = batch;
        _request = request;
        _messageIds = messageIds;
    }

    public Instant Now => _request.Now;

    public string Actor => _request.Actor;

    /// <summary>What the inbox already holds under this delivery's key; nothing may be written then.</summary>
    public EarlierReceipt? Earlier { get; internal set; }

    internal List<PendingEvent> Events { get; } = [];

    internal List<(OutboxMessage Message, StreamKey? Stream, string Tenant, Guid Id)> Messages { get; } = [];

    internal List<OutboxChange> Changes { get; } = [];

    internal List<OutboxAttempt> Attempts { get; } = [];

    internal List<OutboxSpread> Spreads { get; } = [];

    internal (string Outcome, string? AnswerJson, string? Problem, Guid? Stream)? ReceiptOutcome { get; private set; }

    internal IReadOnlyDictionary<StreamKey, LoadedStream> ChangedStreams => _streams;

    internal IReadOnlyDictionary<GateKey, Gate> ChangedGates => _gates;

    /// <summary>The folded state of a locked stream; null when the stream does not exist.</summary>
    public TState? State<TState>(StreamKey key)
        where TState : class, IStreamState
    {
        var stream = Loaded(key);
        return stream is null || stream.Version == 0 ? null : (TState)stream.State!;
    }

    /// <summary>The type of a locked stream; null when the stream does not exist.</summary>
    public StreamType? TypeOf(StreamKey key) => Loaded(key)?.Type;

    public long VersionOf(StreamKey key) => Loaded(key)?.Version ?? 0;

    /// <summary>A locked gate row.</summary>
    public Gate Gate(GateKey key)
    {
        if (_gates.TryGetValue(key, out var changed) || _batch.Gates.TryGetValue(key, out changed))
        {
            return changed;
        }

        Require([key], []);
        throw new MoreRowsNeededException();
    }

    public bool HasGate(GateKey key) => _gates.ContainsKey(key) || _batch.Gates.ContainsKey(key);

    /// <summary>A locked work item; null when it is gone.</summary>
    public OutboxItem? OutboxRow(Guid id) => _batch.OutboxRows.GetValueOrDefault(id);

    /// <summary>
    /// Asks for rows that only the loaded state named. When one of them is not locked yet the decision is given up
    /// and made again with them; a decision is therefore free of side effects.
    /// </summary>
    public void Require(IEnumerable<GateKey> gates, IEnumerable<StreamKey> streams)
    {
        var missing = false;
        foreach (var gate in gates)
        {
            missing |= !HasGate(gate) && _request.MoreGates.Add(gate);
        }

        foreach (var stream in streams)
        {
            missing |= !_batch.Streams.ContainsKey(stream) && !_streams.ContainsKey(stream)
                && _request.MoreStreams.Add(stream);
        }

        if (missing)
        {
            throw new MoreRowsNeededException();
        }
    }

    /// <summary>Appends a fact: it is folded at once, so that the caller decides on with the state after it.</summary>
    /// <returns>The event as it will be recorded.</returns>
    public RecordedEvent Append(StreamKey key, StreamType type, object fact)
    {
        if (Earlier is not null)
        {
            throw new InvalidOperationException("a delivery that was seen before writes nothing");
        }

        var stream = Loaded(key) ?? new LoadedStream(type, 0, type.Empty, IsNew: true);
        var eventType = _model.Events.Of(fact);
        var data = CanonicalJson.Of(JsonSerializer.SerializeToUtf8Bytes(fact, eventType.Json));
        Span<byte> salt = stackalloc byte[HashChain.SaltBytes];
        RandomNumberGenerator.Fill(salt);
        var leaf = HashChain.Leaf(salt, data);
        var previous = stream.Version == 0 ? null : stream.Type.HeadOf(stream.State!);
        var id = Now.NewId();
        var version = stream.Version + 1;
        var hash = HashChain.Hash(new ChainedEvent(
            HashChain.Algorithm, key.Tenant, key.Id, version, id, eventType.Alias, Now,
            _request.CausationId, _request.CorrelationId, Actor, leaf, previous));
        var recorded = new RecordedEvent
        {
            Stream = key,
            Version = version,
            Id = id,
            Type = eventType.Alias,
            Data = fact,
            Timestamp = Now,
            CausationId = _request.CausationId,
            CorrelationId = _request.CorrelationId,
            Actor = Actor,
            Hash = hash,
            PreviousHash = previous,
            Leaf = leaf,
            Salt = Convert.ToHexStringLower(salt),
        };
        _streams[key] = stream with { Version = version, State = stream.Type.Apply(stream.State!, recorded) };
        var gateKeys = _model.Gates.KeysOf(recorded);
        foreach (var gateKey in gateKeys)
        {
            _gates[gateKey] = _model.Gates.Apply(gateKey, Gate(gateKey), recorded);
        }

        Events.Add(new PendingEvent(recorded, data, eventType, stream.Type, gateKeys.Count > 0 ? gateKeys[0].ToString() : null));
        return recorded;
    }

    /// <summary>What this request has recorded on a stream so far.</summary>
    public IEnumerable<RecordedEvent> Recorded(StreamKey key) =>
        Events.Select(pending => pending.Event).Where(recorded => recorded.Stream == key);

    /// <summary>Enqueues work in this transaction.</summary>
    public Guid Enqueue(string tenant, StreamKey? stream, OutboxMessage message)
    {
        var id = _messageIds.Next(Now);
        Messages.Add((message, stream, tenant, id));
        return id;
    }

    /// <summary>Changes a locked work item.</summary>
    public void Change(OutboxChange change) => Changes.Add(change);

    public void Record(OutboxAttempt attempt) => Attempts.Add(attempt);

    /// <summary>Gives what waited under a scope its slots.</summary>
    public void Spread(OutboxSpread spread) => Spreads.Add(spread);

    /// <summary>Says how this request's delivery ended, and what it was answered.</summary>
    public void Conclude(string outcome, string? answerJson, string? problem = null, Guid? stream = null) =>
        ReceiptOutcome = (outcome, answerJson, problem, stream);

    private LoadedStream? Loaded(StreamKey key) =>
        _streams.TryGetValue(key, out var changed) ? changed : _batch.Streams.GetValueOrDefault(key);
}

internal sealed record LoadedStream(StreamType Type, long Version, object? State, bool IsNew);

internal sealed record PendingEvent(
    RecordedEvent Event, byte[] Data, EventType Type, StreamType StreamType, string? ContactPoint);

internal sealed class MoreRowsNeededException : Exception;

/// <summary>The locked rows of a batch, with what its requests have written so far.</summary>
internal sealed class BatchState
{
    public Dictionary<StreamKey, LoadedStream> Streams { get; } = [];

    public Dictionary<GateKey, Gate> Gates { get; } = [];

    public Dictionary<Guid, OutboxItem> OutboxRows { get; } = [];

    public Dictionary<(string Tenant, string Source, string Key), (byte[] Sha256, EarlierReceipt Receipt)> Receipts { get; } = [];
}
