using LeadLedger.EventStore;
using LeadLedger.EventStore.Writing;

namespace LeadLedger.Intake.Webhooks;

/// <summary>What a delivery asks of the ledger.</summary>
/// <param name="Decide">Decides, and answers with JSON and the stream it went to.</param>
public sealed record DeliveryRequest(Func<WriteUnit, (string? AnswerJson, Guid? Stream)> Decide)
{
    public IReadOnlyList<GateKey> Gates { get; init; } = [];

    public IReadOnlyList<StreamKey> Streams { get; init; } = [];

    public IReadOnlyList<Guid> OutboxRows { get; init; } = [];
}
