using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Writing;
using LeadLedger.Intake;
using LeadLedger.Leads;
using LeadLedger.Matching;
using LeadLedger.PhoneNumbers;
using LeadLedger.Sending;
using NodaTime;

namespace LeadLedger.Calls;

/// <summary>
/// Records what a provider reports of a call, and tells the lead when its outcome is known or has changed. Callbacks come
/// late, twice and in any order; the outcome is a function of the folded record, so the order does not matter.
/// </summary>
public static class RecordCall
{
    public const string Twilio = "twilio";
    public const string Ghl = "ghl";

    /// <summary>How long a call that ended normally is given for the callback that says how.</summary>
    public static readonly Duration SettleAfter = Duration.FromSeconds(15);

    /// <summary>
    /// The caller as an identity: withheld and unreadable caller ids are nobody. A complete number outside the numbering plan still
    /// names its caller: area codes newer than our data look like that.
    /// </summary>
    public static Identity IdentityOf(string? from, string? name, Business business) => CallerId.Read(from, business.Region) switch
    {
        CallerIdReading.Withheld => new Identity(null, null, false, null, true),
        CallerIdReading.Number { Value: var number } => new Identity(number.E164, null, false, name, false),
        CallerIdReading.NotANumber { Reason: NotANumberReason.NotInPlan }
            when PhoneNumber.TryParse(from, business.Region, out var number, out _) && number.IsPossible =>
            new Identity(number.E164, null, false, name, false),
        _ => new Identity(null, null, false, null, false),
    };

    /// <summary>Records one report and settles the call when it can be.</summary>
    public static CallAnswer Apply(
        WriteUnit unit, Business business, string provider, string callSid, ICallEvent fact, StaffLinks links, bool testMode)
    {
        var key = LeadStreams.CallOf(business.Id, provider, callSid);
        var waited = unit.State<CallRecord>(key) is { } before && CallOutcome.Of(before).IsWaiting;
        unit.Append(key, LeadStreams.Call, fact);
        var call = unit.State<CallRecord>(key)!;
        var outcome = CallOutcome.Of(call);
        if (outcome.Kind == CallOutcomeKind.Pending)
        {
            if (outcome.IsWaiting && !waited)
            {
                AwaitMore(unit, business, provider, key, call);
            }

            return new CallAnswer("pending", null, null);
        }

        var ring = outcome.Kind == CallOutcomeKind.Missed ? CallOutcome.RingSeconds(call) : null;
        if (outcome.Kind == CallOutcomeKind.Missed && call.Lead is null)
        {
            return OpenMissed(unit, business, provider, key, call, outcome, ring, links, testMode);
        }

        var kind = outcome.Kind == CallOutcomeKind.Missed ? "missed" : "answered";
        if (call.Lead is { } lead)
        {
            Revise(unit, business, key, call, lead, kind, outcome.Reason, ring);
        }
        else if (call.Outcome != kind || call.Reason != outcome.Reason)
        {
            unit.Append(key, LeadStreams.Call, new CallSettled { Outcome = kind, Reason = outcome.Reason, RingSeconds = ring });
        }

        return new CallAnswer(kind, call.Lead, call.Inquiry);
    }

    // The call ended normally and nothing says who ended it: the callback that tells may still be on its way.
    private static void AwaitMore(WriteUnit unit, Business business, string provider, StreamKey key, CallRecord call) =>
        unit.Enqueue(business.Id, key, new OutboxMessage
        {
            Kind = WorkKinds.SettleCall,
            EffectKey = $"settle:{key.Id:N}",
            DueAt = unit.Now + SettleAfter,
            Body = JsonSerializer.SerializeToUtf8Bytes(new SettleCall(provider, call.CallSid), LedgerJsonContext.Default.SettleCall),
        });

    private static CallAnswer OpenMissed(
        WriteUnit unit,
        Business business,
        string provider,
        StreamKey key,
        CallRecord call,
        CallOutcome outcome,
        int? ring,
        StaffLinks links,
        bool testMode)
    {
        var identity = IdentityOf(call.From, call.CallerName, business);
        unit.Require(
            [.. CaptureInquiry.Gates(business, identity), .. WorkInquiry.ExtraGates(business, unit.Now)], []);
        var (line, lineNumber) = LineOf(business, call.To);
        var inquiry = unit.Now.NewId();
        var (lead, match) = CaptureInquiry.Into(
            unit, business, identity, new InquiryContext(line, line is null && call.To is not null, null, links), inquiry,
            found => new CallMissed
            {
                Inquiry = inquiry,
                Call = key.Id,
                Provider = provider,
                CallSid = call.CallSid,
                Caller = identity.Phone,
                CallerRaw = call.From,
                Withheld = identity.Withheld,
                CallerName = call.CallerName,
                Line = lineNumber,
                LineLabel = line?.Label,
                Reason = outcome.Reason,
                RingSeconds = ring,
                DurationSeconds = call.DurationSeconds,
                Voicemail = call.Voicemail,
                SpamScore = call.SpamScore,
                Attestation = call.Attestation,
                ForwardedFrom = call.ForwardedFrom,
                OccurredAt = call.EndedAt ?? unit.Now,
                Match = found,
                TestMode = testMode,
                FoundBy = call.FoundBy,
            });
        unit.Append(key, LeadStreams.Call, new CallSettled
        {
            Outcome = "missed",
            Reason = outcome.Reason,
            RingSeconds = ring,
            Lead = lead.Id,
            Inquiry = inquiry,
        });
        return new CallAnswer("missed", lead.Id, inquiry) { Match = match };
    }

    private static void Revise(
        WriteUnit unit, Business business, StreamKey key, CallRecord call, Guid leadId, string kind, string reason, int? ring)
    {
        unit.Require([], [new StreamKey(business.Id, leadId)]);
        var session = new LeadSession(unit, business, leadId).About(call.Inquiry!.Value);
        var known = session.Lead.Inquiries.FirstOrDefault(i => i.Id == call.Inquiry);
        var voicemailIsNew = call.Voicemail is not null && known?.Voicemail is null;
        if (call.Outcome == kind && call.Reason == reason && call.RingSeconds == ring && !voicemailIsNew)
        {
            return;
        }

        session.Record(new CallOutcomeRevised
        {
            Inquiry = call.Inquiry!.Value,
            CallSid = call.CallSid,
            Outcome = kind,
            Reason = reason,
            RingSeconds = ring,
            Voicemail = call.Voicemail,
            Caller = IdentityOf(call.From, null, business).Phone,
        });
        unit.Append(key, LeadStreams.Call, new CallSettled { Outcome = kind, Reason = reason, RingSeconds = ring, Lead = leadId });
        AfterRevision(session, call, kind, voicemailIsNew);
    }

    private static void AfterRevision(LeadSession session, CallRecord call, string kind, bool voicemailIsNew)
    {
        var lead = session.Lead;
        if (kind == "answered" && lead is { HasOpenTask: true, InquiryCount: 1, Task.ClaimedBy: null })
        {
            session.Record(new TaskCancelled(lead.Task!.Id, "the call was answered after all", "system"));
            return;
        }

        // A hang-up that turns out to have left a message is a caller after all: it is decided again.
        var decision = lead.Decisions.FirstOrDefault(d => d.Inquiry == call.Inquiry && d.Purpose == Purposes.Acknowledgement);
        if (voicemailIsNew && decision is not null && decision.Codes.Contains(ReasonCodes.SuspectedHangup))
        {
            session.Unit.Enqueue(session.Business.Id, session.Key, new OutboxMessage
            {
                Kind = WorkKinds.ReconsiderInquiry,
                EffectKey = $"reconsider:{decision.Id:N}:voicemail",
                DueAt = session.Now,
                Body = JsonSerializer.SerializeToUtf8Bytes(
                    new ReconsiderInquiry(call.Inquiry!.Value, Purposes.Acknowledgement), LedgerJsonContext.Default.ReconsiderInquiry),
            });
        }
    }

    /// <summary>The configured line of a number called, and the number in E.164 when it is one.</summary>
    public static (Line? Line, string? Number) LineOf(Business business, string? to)
    {
        if (!PhoneNumber.TryParse(to, business.Region, out var number, out _))
        {
            return (null, to);
        }

        return (business.LineOf(number), number.E164);
    }
}

/// <summary>What a report of a call came to.</summary>
/// <param name="Outcome">pending, missed or answered.</param>
/// <param name="Lead">The lead of a missed call.</param>
/// <param name="Inquiry">Its inquiry.</param>
public sealed record CallAnswer(string Outcome, Guid? Lead, Guid? Inquiry)
{
    public Match? Match { get; init; }
}
