using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Writing;
using LeadLedger.Leads;
using LeadLedger.Sending;

namespace LeadLedger.Pausing;

/// <summary>A business's operations inside one transaction: each fact is recorded, folded, and sets its work in motion.</summary>
public sealed class OperationsSession(WriteUnit unit, Business business)
{
    public StreamKey Key { get; } = OperationsStream.Of(business.Id);

    public Operations State => unit.State<Operations>(Key) ?? Operations.Empty;

    public void RecordAll(IEnumerable<IOperationsEvent> facts)
    {
        foreach (var fact in facts)
        {
            Record(fact);
        }
    }

    public void Record(IOperationsEvent fact)
    {
        unit.Append(Key, OperationsStream.Type, fact);
        switch (fact)
        {
            case SendingPaused { TryAgainAt: { } at } e:
                Enqueue(new OutboxMessage
                {
                    Kind = WorkKinds.TryAgain,
                    EffectKey = $"try_again:{e.Pause:N}",
                    DueAt = at,
                    Body = JsonSerializer.SerializeToUtf8Bytes(new TryAgain(e.Pause), LedgerJsonContext.Default.TryAgain),
                });
                break;
            case SendingResumed e:
                unit.Spread(new OutboxSpread(business.Id, e.Scope, BreakerRules.Of(e.Scope).Drain));
                break;
            case OperationsAlertRequested e:
                foreach (var channel in e.Channels)
                {
                    Enqueue(Alert(e, channel));
                }

                break;
            default:
                break;
        }
    }

    private OutboxMessage Alert(OperationsAlertRequested e, string channel)
    {
        var isText = channel == "sms";
        return new OutboxMessage
        {
            Kind = WorkKinds.AlertOperations,
            EffectKey = $"alert:{e.Alert:N}:{channel}",
            Scope = isText ? SendingScopes.AlertBySms(e.SmsFrom) : SendingScopes.AlertByEmail,
            DueAt = unit.Now,
            Body = JsonSerializer.SerializeToUtf8Bytes(
                new SendAlert(e.Alert, channel, isText ? e.SmsTo! : e.EmailTo!, isText ? e.SmsFrom : null, e.Subject, e.Body, e.Recipient),
                LedgerJsonContext.Default.SendAlert),
        };
    }

    private void Enqueue(OutboxMessage message) => unit.Enqueue(business.Id, Key, message);
}
