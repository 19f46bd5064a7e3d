using System.Globalization;
using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Intake;
using LeadLedger.Intake.Twilio;
using LeadLedger.Intake.Webhooks;
using LeadLedger.Leads;
using LeadLedger.Sending;

namespace LeadLedger.Pausing;

/// <summary>What the provider says became of an alert about a pause.</summary>
public static class PauseAlertStatus
{
    public static DeliveryRequest Request(Business business, OutboxReference row, TwilioMessageStatus status) => new(unit =>
    {
        var failed = MessageStatuses.IsFailure(status.Status);
        if (unit.OutboxRow(row.Id) is { State: OutboxStates.Ambiguous or OutboxStates.Calling } open)
        {
            unit.Change(OutboxWork.To(open, failed ? OutboxStates.Rejected : OutboxStates.Done, providerId: status.MessageSid));
        }

        if (failed)
        {
            var alert = JsonSerializer.Deserialize(row.Body, LedgerJsonContext.Default.SendAlert)!;
            new OperationsSession(unit, business).Record(new OperationsAlertFailed(
                alert.Alert, alert.Channel,
                string.Create(CultureInfo.InvariantCulture, $"the carrier did not deliver it ({status.ErrorCode})")));
        }

        return (null, null);
    })
    {
        Streams = [OperationsStream.Of(business.Id)],
        OutboxRows = [row.Id],
    };
}
