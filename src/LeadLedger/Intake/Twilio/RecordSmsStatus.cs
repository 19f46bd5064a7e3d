using System.Globalization;
using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Intake.Webhooks;
using LeadLedger.Leads;
using LeadLedger.Pausing;
using LeadLedger.Sending;

namespace LeadLedger.Intake.Twilio;

/// <summary>
/// What the provider says became of one of our texts. Callbacks come in any order; a state that was passed is never returned to.
/// The first of them also settles an attempt whose answer was lost.
/// </summary>
public static class RecordSmsStatus
{
    public static DeliveryRequest Request(Business business, OutboxReference row, TwilioMessageStatus status)
    {
        if (row.Kind == WorkKinds.AlertOperations)
        {
            return PauseAlertStatus.Request(business, row, status);
        }

        var gates = row.Kind == WorkKinds.SendSms
            ? new[] { WorkInquiry.PhoneKey(business, JsonSerializer.Deserialize(row.Body, LedgerJsonContext.Default.SendSms)!.To) }
            : [];
        return new DeliveryRequest(unit =>
        {
            var session = new LeadSession(unit, business, row.Lead);
            Settle(session, row, status);
            if (row.Kind == WorkKinds.SendSms)
            {
                ToLead(session, row, status);
            }
            else
            {
                ToStaff(session, row, status);
            }

            return (null, row.Lead);
        })
        {
            Gates = gates,
            Streams = [new StreamKey(business.Id, row.Lead)],
            OutboxRows = [row.Id],
        };
    }

    /// <summary>The sender's number of the text that a callback is about.</summary>
    public static string? SenderOf(OutboxReference row) => row.Kind == WorkKinds.SendSms
        ? JsonSerializer.Deserialize(row.Body, LedgerJsonContext.Default.SendSms)!.From
        : JsonSerializer.Deserialize(row.Body, LedgerJsonContext.Default.SendAlert)!.From;

    private static void Settle(LeadSession session, OutboxReference row, TwilioMessageStatus status)
    {
        if (session.Unit.OutboxRow(row.Id) is { State: OutboxStates.Ambiguous or OutboxStates.Calling } open)
        {
            session.Unit.Change(OutboxWork.To(
                open, MessageStatuses.IsFailure(status.Status) ? OutboxStates.Rejected : OutboxStates.Done, providerId: status.MessageSid));
        }
    }

    private static void ToLead(LeadSession session, OutboxReference row, TwilioMessageStatus status)
    {
        var sms = JsonSerializer.Deserialize(row.Body, LedgerJsonContext.Default.SendSms)!;
        var message = session.Lead.Messages.FirstOrDefault(m => m.Id == sms.Message);
        if (message is null)
        {
            return;
        }

        var reached = MessageStates.Rank(message.State);
        var sid = status.MessageSid!;
        if (message.ProviderId is null)
        {
            session.Record(new SmsAccepted { Message = sms.Message, ProviderId = sid, To = sms.To });
        }

        switch (status.Status!.ToLowerInvariant())
        {
            case "sent" when reached < MessageStates.Rank("sent"):
                session.Record(new SmsSent(sms.Message, sid));
                break;
            case "delivered" or "read" when reached < MessageStates.Rank("delivered"):
                session.Record(new SmsDelivered(sms.Message, sid));
                break;
            case "failed" or "undelivered" or "canceled" when reached < MessageStates.Rank("failed"):
                Fail(session, sms, status);
                break;
            default:
                break;
        }
    }

    private static void Fail(LeadSession session, SendSms sms, TwilioMessageStatus status)
    {
        var code = ProviderCodes.Of(status.ErrorCode?.ToString(CultureInfo.InvariantCulture));
        session.Record(new SmsFailed { Message = sms.Message, To = sms.To, ProviderId = status.MessageSid, Code = code.Code, Error = code.Sentence });
        ProviderVerdict.Record(session, sms.To, code);
        session.NoteOnTask($"The text was not delivered: {code.Sentence}");
    }

    private static void ToStaff(LeadSession session, OutboxReference row, TwilioMessageStatus status)
    {
        var alert = JsonSerializer.Deserialize(row.Body, LedgerJsonContext.Default.SendAlert)!;
        if (MessageStatuses.IsFailure(status.Status))
        {
            session.Record(new OwnerAlertFailed(alert.Alert, alert.Channel, $"the carrier did not deliver it ({status.ErrorCode})"));
            AlertHandler.FallBackToMail(session, alert);
        }
    }
}
