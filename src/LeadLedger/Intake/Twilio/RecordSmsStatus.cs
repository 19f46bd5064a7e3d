using System.Globalization;
using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Faults;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Intake.Webhooks;
using LeadLedger.Leads;
using LeadLedger.Pausing;
using LeadLedger.Reconciling;
using LeadLedger.Sending;

namespace LeadLedger.Intake.Twilio;

/// <summary>
/// What the provider says became of one of our texts. Callbacks come in any order; a state that was passed is never returned to.
/// The first of them also settles an attempt whose answer was lost: it carries the attempt's token, so it proves that the provider
/// has the text.
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
            var unsettled = unit.OutboxRow(row.Id) is { State: OutboxStates.Ambiguous or OutboxStates.Unconfirmed };
            if (!(unsettled && PlantedDefect.Is(Defects.NoTokenSettlement)))
            {
                Apply(new LeadSession(unit, business, row.Lead), row, status, SettledBy.Callback);
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

    /// <summary>Records what is known of a text now; the work item must be locked.</summary>
    /// <param name="session">The lead of the text.</param>
    /// <param name="row">The work item that handed it over.</param>
    /// <param name="status">What the provider says, with the message's id.</param>
    /// <param name="by">One of <see cref="SettledBy"/>.</param>
    public static void Apply(LeadSession session, OutboxReference row, TwilioMessageStatus status, string by)
    {
        var before = session.Unit.OutboxRow(row.Id)?.State;
        if (before is OutboxStates.Ambiguous or OutboxStates.Unconfirmed or OutboxStates.Calling)
        {
            // The provider has it, whatever became of it afterwards: handing it over is done.
            session.Unit.Change(OutboxWork.To(session.Unit.OutboxRow(row.Id)!, OutboxStates.Done, providerId: status.MessageSid));
        }

        if (row.Kind == WorkKinds.SendSms)
        {
            ToLead(session, row, status, before, by);
        }
        else
        {
            ToStaff(session, row, status, before);
        }
    }

    private static void ToLead(LeadSession session, OutboxReference row, TwilioMessageStatus status, string? before, string by)
    {
        var sms = JsonSerializer.Deserialize(row.Body, LedgerJsonContext.Default.SendSms)!;
        session = session.About(sms.Message);
        var message = session.Lead.Messages.FirstOrDefault(m => m.Id == sms.Message);
        if (message is null)
        {
            return;
        }

        var reached = PlantedDefect.Is(Defects.CallbacksGoBack) ? -1 : MessageStates.Rank(message.State);
        var sid = status.MessageSid!;
        if (before is OutboxStates.Ambiguous or OutboxStates.Unconfirmed)
        {
            session.Record(new SmsSettled
            {
                Message = sms.Message,
                To = sms.To,
                By = by,
                ProviderId = sid,
                Status = SafeText.Line(status.Status!.ToLowerInvariant(), 40),
                AfterUnconfirmed = before == OutboxStates.Unconfirmed,
            });
        }

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

        if (before == OutboxStates.Unconfirmed && !MessageStatuses.IsFailure(status.Status))
        {
            StaffNotice.Note(session, status.Status!.ToLowerInvariant() is "delivered" or "read"
                ? "The text that was in doubt has arrived after all."
                : "The text that was in doubt was sent after all.");
        }
    }

    private static void Fail(LeadSession session, SendSms sms, TwilioMessageStatus status)
    {
        var code = ProviderCodes.Of(status.ErrorCode?.ToString(CultureInfo.InvariantCulture));
        session.Record(new SmsFailed { Message = sms.Message, To = sms.To, ProviderId = status.MessageSid, Code = code.Code, Error = code.Sentence });
        ProviderVerdict.Record(session, sms.To, code);
        StaffNotice.Note(session, $"The text was not delivered: {code.Sentence}");
    }

    private static void ToStaff(LeadSession session, OutboxReference row, TwilioMessageStatus status, string? before)
    {
        var alert = JsonSerializer.Deserialize(row.Body, LedgerJsonContext.Default.SendAlert)!;
        session = session.About(alert.Alert);
        if (MessageStatuses.IsFailure(status.Status))
        {
            session.Record(new OwnerAlertFailed(alert.Alert, alert.Channel, $"the carrier did not deliver it ({status.ErrorCode})"));
            AlertHandler.FallBackToMail(session, alert);
        }
        else if (before is OutboxStates.Ambiguous or OutboxStates.Calling)
        {
            // The answer was lost or is still on its way; the callback says that the alert went out.
            session.Record(new OwnerAlertSent(alert.Alert, alert.Channel, status.MessageSid));
        }
    }
}
