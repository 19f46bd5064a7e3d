using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.Calendars;
using LeadLedger.Contacting;
using LeadLedger.EventStore.Faults;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Leads;
using LeadLedger.PhoneNumbers;

namespace LeadLedger.Sending;

/// <summary>
/// Sends one text to a lead: asks the gate again, marks the row as calling, hands the text over once, records the outcome. The mark is
/// committed before the first byte leaves; after it nobody sends again unless the text provably did not leave (C-21).
/// </summary>
public sealed class SendSmsHandler(OutboxWork work, ISmsSender sender, BusinessDirectory businesses) : IOutboxHandler
{
    /// <summary>The provider's longest validity period, seconds.</summary>
    private const int LongestValidity = 36_000;

    public IReadOnlyCollection<string> Kinds { get; } = [WorkKinds.SendSms];

    public async Task HandleAsync(OutboxItem item, CancellationToken cancellation)
    {
        var body = JsonSerializer.Deserialize(item.Body, LedgerJsonContext.Default.SendSms)!;
        if (businesses.Find(item.Tenant) is not { } business)
        {
            return;
        }

        FailPoint.Hit(FailPoints.TextBeforeMark);
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18));
        var mark = await work.CommitAsync(item, OutboxStates.Claimed, [WorkInquiry.PhoneKey(business, body.To)], unit =>
        {
            var session = new LeadSession(unit, business, item.StreamId!.Value);
            var point = (ContactPoint)unit.Gate(WorkInquiry.PhoneKey(business, body.To)).State;
            return Mark(session, item, body, point, token);
        });
        if (mark is not { ValiditySeconds: > 0 })
        {
            return;
        }

        FailPoint.Hit(FailPoints.TextMarked);
        var result = mark.TestMode
            ? new SendResult.Accepted($"test-{body.Message:N}") { RecordedOnly = true }
            : await sender.SendAsync(
                business,
                new SmsMessage(body.To, body.From, body.Body, $"/api/webhooks/twilio/sms/status/{token}", mark.ValiditySeconds),
                cancellation);
        FailPoint.Hit(FailPoints.TextCalled);
        await work.CommitAsync(item, OutboxStates.Calling, [WorkInquiry.PhoneKey(business, body.To)], unit =>
            Conclude(new LeadSession(unit, business, item.StreamId!.Value), item, body, result));
        FailPoint.Hit(FailPoints.TextConcluded);
    }

    public Task AbandonedAsync(OutboxItem item, CancellationToken cancellation)
    {
        var body = JsonSerializer.Deserialize(item.Body, LedgerJsonContext.Default.SendSms)!;
        return businesses.Find(item.Tenant) is { } business
            ? work.CommitAsync(item, OutboxStates.Calling, [WorkInquiry.PhoneKey(business, body.To)], unit =>
                Conclude(new LeadSession(unit, business, item.StreamId!.Value), item, body,
                    new SendResult.Unknown("the service stopped while the text was being handed over")))
            : Task.CompletedTask;
    }

    private static Marked Mark(LeadSession session, OutboxItem item, SendSms body, ContactPoint point, string token)
    {
        var business = session.Business;
        var number = PhoneNumber.FromE164(body.To);
        var zones = CandidateZones.Of(number.TimeZones, null, business.Zone, number.Region ?? business.Region);
        var open = business.Sending.Acknowledgement.NextOpen(session.Now, zones);
        var codes = Refusals(session, item, body, point);
        if (codes.Count == 0 && open != session.Now && body.Purpose != Purposes.OptOutConfirmation)
        {
            if (open is { } opens && opens <= item.NotAfter)
            {
                session.Unit.Change(OutboxWork.To(item, OutboxStates.Pending, opens, "outside the sending window") with { Uncount = true });
                return new Marked(0, false);
            }

            codes = [ReasonCodes.QuietHoursDeferred];
        }

        if (codes.Count > 0)
        {
            session.Record(new SmsWithheld(body.Message, body.To, codes));
            session.Unit.Change(OutboxWork.To(
                item, codes.Contains(ReasonCodes.StaleInquiry) ? OutboxStates.Expired : OutboxStates.Cancelled, error: string.Join(", ", codes)));
            return new Marked(0, false);
        }

        session.Unit.Change(OutboxWork.To(item, OutboxStates.Calling));
        session.Unit.Record(new OutboxAttempt(item.Id, item.Tenant, item.Fence, "mark", token, "calling", null));
        var closes = open == session.Now ? business.Sending.Acknowledgement.ClosesAt(session.Now, zones) : session.Now;
        return new Marked(
            Math.Clamp((int)(closes - session.Now).TotalSeconds, 60, LongestValidity), business.TestMode || session.Lead.TestMode);
    }

    // Permission is asked again at every attempt (CON-18): what was true when the text was requested may not be true now.
    private static List<string> Refusals(LeadSession session, OutboxItem item, SendSms body, ContactPoint point)
    {
        var codes = new List<string>();
        if (body.Purpose == Purposes.OptOutConfirmation)
        {
            // The answer to the opt-out itself: its own suppression does not forbid it, its age does.
            return session.Now > item.NotAfter ? [ReasonCodes.StaleInquiry] : codes;
        }

        if (point.SuppressedSince is not null && !PlantedDefect.Is(Defects.NoConsentRecheckAtMark))
        {
            codes.Add(ReasonCodes.SuppressedNumber);
        }

        if (point.Held)
        {
            codes.Add(ReasonCodes.OptOutPhraseHeld);
        }

        if (point.Consents.GetValueOrDefault(AcknowledgementGates.Purpose) is { State: "withdrawn" })
        {
            codes.Add(ReasonCodes.ConsentWithdrawn);
        }

        if (!session.Business.Sending.BillingActive)
        {
            codes.Add(ReasonCodes.BillingInactive);
        }

        if (!session.Business.Sending.FollowUpEnabled)
        {
            codes.Add(ReasonCodes.FollowupDisabled);
        }

        if (session.Lead is { Task: { ClosedAt: { } closed, ClosedBy: not "system" } } && closed >= session.Lead.LastInquiryAt)
        {
            codes.Add(ReasonCodes.TaskClosed);
        }

        if (item.NotAfter is { } limit && session.Now > limit)
        {
            codes.Add(ReasonCodes.StaleInquiry);
        }

        return codes;
    }

    private static Marked Conclude(LeadSession session, OutboxItem item, SendSms body, SendResult result)
    {
        var (outcome, detail) = result switch
        {
            SendResult.Accepted accepted => Accept(session, item, body, accepted),
            SendResult.Refused refused => Refuse(session, item, body, refused),
            SendResult.NotSent notSent => Retry(session, item, body, notSent),
            SendResult.Unknown unknown => Unconfirm(session, item, body, unknown),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        session.Unit.Record(new OutboxAttempt(item.Id, item.Tenant, item.Fence, "outcome", null, outcome, detail));
        return new Marked(0, false);
    }

    private static (string, string?) Accept(LeadSession session, OutboxItem item, SendSms body, SendResult.Accepted accepted)
    {
        session.Record(new SmsAccepted
        {
            Message = body.Message,
            ProviderId = accepted.ProviderId,
            To = body.To,
            RecordedOnly = accepted.RecordedOnly,
        });
        session.Unit.Change(OutboxWork.To(item, OutboxStates.Done, providerId: accepted.ProviderId));
        NoteBreach(session, body);
        return ("accepted", accepted.ProviderId);
    }

    private static void NoteBreach(LeadSession session, SendSms body)
    {
        var lead = session.Lead;
        var message = lead.Messages.FirstOrDefault(m => m.Id == body.Message);
        if (message is not { Purpose: Purposes.Acknowledgement })
        {
            return;
        }

        var inquiry = lead.Inquiries.FirstOrDefault(i => i.Id == message.Inquiry);
        var rules = session.Business.Acknowledgement;
        var limit = inquiry?.Kind == "form" ? rules.FormLimit : rules.CallTarget;
        var took = session.Now - message.PermittedAt;
        if (took > limit)
        {
            session.Record(new AckSlaBreached
            {
                Message = body.Message,
                Inquiry = message.Inquiry,
                PermittedAt = message.PermittedAt,
                Seconds = (int)took.TotalSeconds,
                TargetSeconds = (int)limit.TotalSeconds,
            });
        }
    }

    private static (string, string?) Refuse(LeadSession session, OutboxItem item, SendSms body, SendResult.Refused refused)
    {
        session.Record(new SmsFailed
        {
            Message = body.Message,
            To = body.To,
            Code = refused.Code,
            Error = refused.Error,
            Attempts = item.Attempts,
        });
        if (refused.Code == ProviderCodes.OptedOut)
        {
            session.Record(new OptedOut
            {
                Kind = ContactPoint.Phone,
                Value = body.To,
                Word = refused.Code,
                Via = "provider",
                ProviderReplied = true,
            });
        }

        session.NoteOnTask($"The text was not delivered: {refused.Error}");
        session.Unit.Change(OutboxWork.To(item, OutboxStates.Rejected, error: refused.Error));
        return ("rejected", refused.Code);
    }

    private static (string, string?) Retry(LeadSession session, OutboxItem item, SendSms body, SendResult.NotSent notSent)
    {
        var next = OutboxWork.NextAttempt(item, session.Now);
        if (next is { } at && at <= item.NotAfter)
        {
            session.Record(new SmsAttemptFailed { Message = body.Message, Attempt = item.Attempts, Error = notSent.Error, RetryAt = at });
            session.Unit.Change(OutboxWork.To(item, OutboxStates.Pending, at, notSent.Error));
            return ("retry", notSent.Error);
        }

        session.Record(new SmsFailed { Message = body.Message, To = body.To, Error = notSent.Error, Attempts = item.Attempts });
        session.NoteOnTask($"The text was not delivered after {item.Attempts} attempts: {notSent.Error}");
        session.Unit.Change(OutboxWork.To(item, OutboxStates.Parked, error: notSent.Error));
        return ("parked", notSent.Error);
    }

    private static (string, string?) Unconfirm(LeadSession session, OutboxItem item, SendSms body, SendResult.Unknown unknown)
    {
        session.Record(new SmsUnconfirmed(body.Message, body.To, unknown.Error));
        session.NoteOnTask("The text may not have arrived. Do not rely on it; call.");
        session.Unit.Change(OutboxWork.To(item, OutboxStates.Ambiguous, error: unknown.Error));
        return ("ambiguous", unknown.Error);
    }

    /// <summary>What the mark answers: 0 seconds means that nothing is sent.</summary>
    private sealed record Marked(int ValiditySeconds, bool TestMode);
}
