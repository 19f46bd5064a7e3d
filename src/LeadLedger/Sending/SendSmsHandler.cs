using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.Contacting;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Faults;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Leads;
using LeadLedger.Merging;
using LeadLedger.Reconciling;

namespace LeadLedger.Sending;

/// <summary>
/// Sends one text to a lead: asks the gate again, marks the row as calling, hands the text over once, records the outcome. The mark is
/// committed before the first byte leaves; after it nobody sends again unless the text provably did not leave (C-21).
/// </summary>
public sealed class SendSmsHandler(OutboxWork work, ISmsSender sender, BusinessDirectory businesses) : IOutboxHandler
{
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
        var counters = TextCaps.CountersOf(body.To, body.Form);
        var mark = await work.CommitAsync(
            item,
            OutboxStates.Claimed,
            [WorkInquiry.PhoneKey(business, body.To), .. counters.Select(counter => TextCaps.KeyOf(business.Id, counter))],
            unit => Mark(new LeadSession(unit, business, item.StreamId!.Value).About(body.Message), item, body, counters, token));
        if (mark is null && PlantedDefect.Is(Defects.SendWithoutMark))
        {
            mark = new Marked(3600, false);
        }

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
        await work.ConcludeAsync(item, OutboxStates.Calling, [WorkInquiry.PhoneKey(business, body.To)], unit =>
            Conclude(new LeadSession(unit, business, item.StreamId!.Value).About(body.Message), item, body, result));
        FailPoint.Hit(FailPoints.TextConcluded);
    }

    public Task AbandonedAsync(OutboxItem item, CancellationToken cancellation)
    {
        var body = JsonSerializer.Deserialize(item.Body, LedgerJsonContext.Default.SendSms)!;
        return businesses.Find(item.Tenant) is { } business
            ? work.CommitAsync(item, OutboxStates.Calling, [WorkInquiry.PhoneKey(business, body.To)], unit =>
                Conclude(new LeadSession(unit, business, item.StreamId!.Value).About(body.Message), item, body,
                    PlantedDefect.Is(Defects.ResendAfterLease)
                        ? new SendResult.NotSent("the service stopped while the text was being handed over")
                        : new SendResult.Unknown("whether the text was handed over was not recorded: the service stopped, or the ledger was restored")))
            : Task.CompletedTask;
    }

    private static Marked Mark(LeadSession session, OutboxItem item, SendSms body, IReadOnlyList<string> counters, string token)
    {
        var business = session.Business;
        var counted = session.Lead.Messages.Any(message => message is { CalledAt: not null } && message.Id == body.Message);
        var mark = TextMark.Decide(new TextMarkCase
        {
            Business = business,
            Lead = session.Lead,
            Text = body,
            Point = PointOf(session, WorkInquiry.PhoneKey(business, body.To)),
            MergedWith = MergedConsent.Strictest(session, body.To),
            Counters = [.. counters.Select(counter => KeyValuePair.Create(counter, PointOf(session, TextCaps.KeyOf(business.Id, counter)).Sends))],
            Counted = counted,
            NotAfter = item.NotAfter,
            Now = session.Now,
        });
        switch (mark)
        {
            case TextMark.Go go:
                session.Record(new SmsCalling
                {
                    Message = body.Message,
                    To = body.To,
                    Purpose = body.Purpose,
                    Attempt = item.Fence,
                    ValiditySeconds = go.ValiditySeconds,
                    Counters = counted ? [] : counters,
                });
                session.Unit.Change(OutboxWork.To(item, OutboxStates.Calling));
                session.Unit.Record(new OutboxAttempt(item.Id, item.Tenant, item.Fence, "mark", token, "calling", null));
                return new Marked(go.ValiditySeconds, business.TestMode || session.Lead.TestMode);
            case TextMark.Wait wait:
                session.Unit.Change(OutboxWork.To(item, OutboxStates.Pending, wait.Until, "outside the sending window") with { Uncount = true });
                return new Marked(0, false);
            default:
                Withhold(session, item, body, (TextMark.Withhold)mark);
                return new Marked(0, false);
        }
    }

    private static ContactPoint PointOf(LeadSession session, GateKey key) => (ContactPoint)session.Unit.Gate(key).State;

    private static void Withhold(LeadSession session, OutboxItem item, SendSms body, TextMark.Withhold withheld)
    {
        session.Record(new SmsWithheld(body.Message, body.To, withheld.Codes) { Counterfactual = withheld.Counterfactual });
        if (withheld.Expired)
        {
            session.NoteOnTask("The text was not sent: it was too late for it to be true. Call.");
        }
        else if (withheld.Capped)
        {
            session.NoteOnTask($"The text was not sent: too many texts. {withheld.Counterfactual} Look whether somebody misuses a form.");
        }

        // What a limit stopped stays among the work that waits for a person.
        session.Unit.Change(OutboxWork.To(
            item,
            withheld.Expired ? OutboxStates.Expired : withheld.Capped ? OutboxStates.Parked : OutboxStates.Cancelled,
            error: string.Join(", ", withheld.Codes)));
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
        var code = ProviderCodes.Of(refused.Code, refused.Error);
        session.Record(new SmsFailed
        {
            Message = body.Message,
            To = body.To,
            Code = refused.Code,
            Error = code.Sentence,
            Attempts = item.Attempts,
        });
        ProviderVerdict.Record(session, body.To, code);
        session.NoteOnTask($"The text was not delivered: {code.Sentence}");
        session.Unit.Change(OutboxWork.To(item, OutboxStates.Rejected, error: code.Sentence));
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
        if (!PlantedDefect.Is(Defects.UnconfirmedUntold))
        {
            Settlement.Begin(session, item, body, unknown.Error);
        }

        session.Unit.Change(OutboxWork.To(item, OutboxStates.Ambiguous, error: unknown.Error));
        return ("ambiguous", unknown.Error);
    }

    /// <summary>What the mark answers: 0 seconds means that nothing is sent.</summary>
    private sealed record Marked(int ValiditySeconds, bool TestMode);
}
