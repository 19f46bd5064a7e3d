using System.Diagnostics;
using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Writing;
using LeadLedger.Leads;
using LeadLedger.Sending;

namespace LeadLedger.Pausing;

/// <summary>Hands an alert about a pause to text and mail. A text whose fate is unknown is not repeated: the mail says the same.</summary>
public sealed class PauseAlertHandler(OutboxWork work, ISmsSender sms, IEmailSender email, BusinessDirectory businesses) : IOutboxHandler
{
    private const int ValiditySeconds = 4 * 3600;

    public IReadOnlyCollection<string> Kinds { get; } = [WorkKinds.AlertOperations];

    public async Task HandleAsync(OutboxItem item, CancellationToken cancellation)
    {
        var alert = JsonSerializer.Deserialize(item.Body, LedgerJsonContext.Default.SendAlert)!;
        if (businesses.Find(item.Tenant) is not { } business)
        {
            return;
        }

        var token = $"{item.Id:N}-{item.Fence}";
        var marked = await work.CommitAsync(item, OutboxStates.Claimed, [], unit =>
        {
            unit.Change(OutboxWork.To(item, OutboxStates.Calling));
            unit.Record(new OutboxAttempt(item.Id, item.Tenant, item.Fence, "mark", token, "calling", null));
            return item;
        });
        if (marked is null)
        {
            return;
        }

        var result = business.TestMode
            ? new SendResult.Accepted($"test-{alert.Alert:N}") { RecordedOnly = true }
            : alert.Channel == "sms"
                ? await sms.SendAsync(
                    business,
                    new SmsMessage(alert.To, alert.From!, alert.Body, $"/api/webhooks/twilio/sms/status/{token}", ValiditySeconds),
                    cancellation)
                : await email.SendAsync(new EmailMessage(alert.To, alert.Subject, alert.Body, $"{item.Id:N}@leadledger"), cancellation);
        await work.ConcludeAsync(item, OutboxStates.Calling, [], unit => Conclude(unit, business, item, alert, result));
    }

    public Task AbandonedAsync(OutboxItem item, CancellationToken cancellation)
    {
        var alert = JsonSerializer.Deserialize(item.Body, LedgerJsonContext.Default.SendAlert)!;
        return businesses.Find(item.Tenant) is { } business
            ? work.CommitAsync(item, OutboxStates.Calling, [], unit =>
                Conclude(unit, business, item, alert, new SendResult.Unknown("the service stopped while the alert was being handed over")))
            : Task.CompletedTask;
    }

    private static OutboxItem Conclude(WriteUnit unit, Business business, OutboxItem item, SendAlert alert, SendResult result)
    {
        var session = new OperationsSession(unit, business);
        var (change, error) = result switch
        {
            SendResult.Accepted accepted => (OutboxWork.To(item, OutboxStates.Done, providerId: accepted.ProviderId), null),
            SendResult.Refused refused => (OutboxWork.To(item, OutboxStates.Parked, error: refused.Error), refused.Error),
            SendResult.NotSent notSent when OutboxWork.NextAttempt(item, unit.Now) is { } at =>
                (OutboxWork.To(item, OutboxStates.Pending, at, notSent.Error), notSent.Error),
            SendResult.NotSent notSent => (OutboxWork.To(item, OutboxStates.Parked, error: notSent.Error), notSent.Error),
            SendResult.Unknown unknown => (OutboxWork.To(item, OutboxStates.Ambiguous, error: unknown.Error), unknown.Error),
            _ => throw new UnreachableException(),
        };
        session.Record(result is SendResult.Accepted taken
            ? new OperationsAlertSent(alert.Alert, alert.Channel, taken.ProviderId)
            : new OperationsAlertFailed(alert.Alert, alert.Channel, error!));
        unit.Change(change);
        unit.Record(new OutboxAttempt(item.Id, item.Tenant, item.Fence, "outcome", null, change.State, error));
        return item;
    }
}
