namespace LeadLedger.EventStore;

/// <summary>Everything the store is told about the domain: its event names, its kinds of streams and its gate rows.</summary>
public sealed record LedgerModel(EventTypes Events, IReadOnlyList<StreamType> Streams, GateType Gates)
{
    public StreamType StreamNamed(string name) =>
        Streams.FirstOrDefault(type => type.Name == name)
        ?? throw new InvalidOperationException($"the ledger holds a stream of the unknown type '{name}'");
}
