using System.Globalization;
using LeadLedger.Businesses;
using LeadLedger.Calendars;
using LeadLedger.Leads;
using LeadLedger.Messaging;
using LeadLedger.PhoneNumbers;
using LeadLedger.Sending;
using NodaTime;

namespace LeadLedger.Contacting;

/// <summary>Everything the acknowledgement's gates look at, loaded before and handed over as values.</summary>
public sealed record AcknowledgementCase
{
    public required Business Business { get; init; }

    public required Lead Lead { get; init; }

    public required IInquiry Inquiry { get; init; }

    /// <summary>The call's latest word, when it was revised since.</summary>
    public Inquiry? Revised { get; init; }

    /// <summary>The gate row of the number; null when there is none.</summary>
    public ContactPoint? ContactPoint { get; init; }

    /// <summary>Another number's row that forbids texts, while leads are merged; null when none does.</summary>
    public ContactPoint? MergedWith { get; init; }

    /// <summary>Acknowledgements counted this month; null without a quota.</summary>
    public int? QuotaUsed { get; init; }

    /// <summary>The text that a person wants to have sent again; it does not stand in its own way.</summary>
    public Guid? Replaces { get; init; }

    public required Template Template { get; init; }

    public required Instant Now { get; init; }
}

/// <summary>The outcome of the gates, before it is given an id and stored.</summary>
public sealed record GateOutcome
{
    public required string Outcome { get; init; }

    public required IReadOnlyList<string> Codes { get; init; }

    public required IReadOnlyList<GateCheck> Gates { get; init; }

    public string? Basis { get; init; }

    public Instant? SendAfter { get; init; }

    public Instant? EarliestPermitted { get; init; }

    public string? Counterfactual { get; init; }

    public IReadOnlyList<string> Zones { get; init; } = [];

    /// <summary>First instant at which it would have been permitted: start of the clock (C-02).</summary>
    public Instant PermittedAt { get; init; }
}

/// <summary>
/// RULE: may this inquiry be acknowledged by text? Every gate is asked even when an earlier one has failed (CON-02), so that the stored
/// decision shows all of them. Default deny; a closed window alone defers.
/// </summary>
public static class AcknowledgementGates
{
    /// <summary>The purpose of consent that an acknowledgement needs (CON-05).</summary>
    public const string Purpose = "transactional_reply";

    public static GateOutcome Decide(AcknowledgementCase c)
    {
        var number = NumberOf(c.Inquiry);
        var zones = number is null ? [] : CandidateZones.Of(number.TimeZones, null, c.Business.Zone, number.Region ?? c.Business.Region);
        var window = c.Business.Sending.Acknowledgement;
        var occurred = Leads.Inquiry.Of(c.Inquiry).At;
        var permittedAt = window.NextOpen(Instant.Min(occurred, c.Now), zones) ?? c.Now;
        var open = window.NextOpen(c.Now, zones);
        var checks = new List<GateCheck>(16);
        string? basis = null;

        checks.Add(NumberGate(c, number));
        checks.Add(SuppressionGate(c));
        checks.Add(ConsentGate(c, ref basis));
        checks.Add(PriorAcknowledgementGate(c));
        checks.Add(Check("follow_up", c.Business.Sending.FollowUpEnabled, ReasonCodes.FollowupDisabled,
            c.Business.Sending.FollowUpEnabled ? "switched on" : "switched off"));
        checks.Add(Check("billing", c.Business.Sending.BillingActive, ReasonCodes.BillingInactive,
            c.Business.Sending.BillingActive ? "active" : "inactive"));
        checks.Add(QuotaGate(c));
        checks.Add(CapGate(c));
        checks.Add(HangupGate(c));
        checks.Add(SpamGate(c, number));
        checks.Add(FreshnessGate(c, permittedAt, occurred));
        checks.Add(Check("template", c.Template.Enabled, ReasonCodes.TemplateBlocked, $"{c.Template.Id} version {c.Template.Version}"));
        checks.Add(WindowGate(c, window, zones, open));
        var failed = checks.Where(check => !check.Passed).ToArray();
        var onlyWindow = failed is [{ Code: ReasonCodes.QuietHoursDeferred }] && open is not null;
        return new GateOutcome
        {
            Outcome = failed.Length == 0 ? "permitted" : onlyWindow ? "deferred" : "denied",
            Codes = failed.Length == 0 ? [ReasonCodes.Permitted] : [.. failed.Select(check => check.Code!).Distinct()],
            Gates = checks,
            Basis = basis,
            SendAfter = onlyWindow ? open : null,
            EarliestPermitted = Earliest(c, failed, open),
            Counterfactual = failed.Length == 0 ? null : Counterfactual(c, failed),
            Zones = [.. zones.Take(8).Select(zone => zone.Id)],
            PermittedAt = Instant.Max(permittedAt, occurred),
        };
    }

    /// <summary>The number the acknowledgement would go to.</summary>
    public static PhoneNumber? NumberOf(IInquiry inquiry)
    {
        var e164 = inquiry switch
        {
            CallMissed { Withheld: false } e => e.Caller,
            FormSubmitted { PhoneUsable: true } e => e.Phone,
            SmsReceived e => e.From,
            _ => null,
        };
        return e164 is null ? null : PhoneNumber.FromE164(e164);
    }

    private static GateCheck NumberGate(AcknowledgementCase c, PhoneNumber? number)
    {
        if (c.Inquiry is CallMissed { Withheld: true })
        {
            return Fail("number", ReasonCodes.NumberWithheld, "caller id withheld");
        }

        if (number is null)
        {
            return Fail("number", ReasonCodes.NumberMissing, "no usable number");
        }

        if (c.ContactPoint?.NotTextable is { } code)
        {
            return Fail("number", ReasonCodes.NumberNotTextable, $"the provider reported {code}: {ProviderCodes.Of(code).Sentence}");
        }

        if (!number.CanReceiveText)
        {
            return Fail("number", ReasonCodes.NumberNotTextable, $"type {number.Type}");
        }

        return number.Region is { } region && !c.Business.Sending.AllowedRegions.Contains(region)
            ? Fail("number", ReasonCodes.NumberNotTextable, $"region {region} is not among those texted")
            : Pass("number", number.Region ?? "region unknown");
    }

    // While leads are merged the most restrictive word of any of their numbers holds for all of them (BF-02).
    private static GateCheck SuppressionGate(AcknowledgementCase c) =>
        SuppressionOf(c.ContactPoint) is { Passed: true } own
            ? SuppressionOf(c.MergedWith) is { Passed: false } merged ? merged with { Input = $"another number of this merged lead: {merged.Input}" } : own
            : SuppressionOf(c.ContactPoint);

    private static GateCheck SuppressionOf(ContactPoint? point) => point switch
    {
        { SuppressedSince: { } since, IsProvidersBlock: true } =>
            Fail("suppression", ReasonCodes.SuppressedByProvider, $"blocked by the provider since {since} ({point.SuppressedBy})"),
        { SuppressedSince: { } since } => Fail("suppression", ReasonCodes.SuppressedNumber, $"opted out {since} by {point.SuppressedBy}"),
        { Held: true } => Fail("suppression", ReasonCodes.OptOutPhraseHeld, "a possible opt-out waits for a person"),
        _ => Pass("suppression", "not suppressed"),
    };

    // C-07: an inquiry by phone or text permits one informational answer; a form needs its own consent (CON-08).
    private static GateCheck ConsentGate(AcknowledgementCase c, ref string? basis)
    {
        if (c.ContactPoint?.Consents.GetValueOrDefault(Purpose) is { State: "withdrawn" } withdrawn)
        {
            return Fail("consent", ReasonCodes.ConsentWithdrawn, $"withdrawn {withdrawn.At}");
        }

        if (c.MergedWith?.Consents.GetValueOrDefault(Purpose) is { State: "withdrawn" } elsewhere)
        {
            return Fail("consent", ReasonCodes.ConsentWithdrawn, $"withdrawn {elsewhere.At} for another number of this merged lead");
        }

        if (c.Inquiry is not FormSubmitted form)
        {
            basis = "inquiry_reply";
            return Pass("consent", "the person just contacted the business");
        }

        if (form.Consent is not { Given: true } consent)
        {
            return Fail("consent", ReasonCodes.NoSmsConsentOnForm,
                form.Consent is null ? "the form collects no consent" : "the box was not ticked");
        }

        if (!consent.Purposes.Contains(Purpose))
        {
            return Fail("consent", ReasonCodes.PurposeNotCovered, $"covers {string.Join(", ", consent.Purposes)}");
        }

        basis = $"express_consent({Purpose})";
        return Pass("consent", $"form {form.FormId} version {form.FormVersion}, text {consent.TextHash[..12]}");
    }

    private static GateCheck PriorAcknowledgementGate(AcknowledgementCase c) =>
        c.ContactPoint?.LastAcknowledgedAt is { } at && c.ContactPoint.LastAcknowledgement != c.Replaces && c.Now - at < c.Business.Acknowledgement.RepeatWindow
            ? Fail("prior_acknowledgement", ReasonCodes.AlreadyAcknowledged, $"message {c.ContactPoint.LastAcknowledgement} at {at}")
            : Pass("prior_acknowledgement", "none inside the repeat window");

    private static GateCheck QuotaGate(AcknowledgementCase c) =>
        c is { QuotaUsed: { } used, Business.Sending.ConversationQuota: { } quota }
            ? Check("quota", used < quota, ReasonCodes.QuotaExhausted, $"{used} of {quota} this month")
            : Pass("quota", "no limit");

    // Only the number's own limit is known here; the others are asked at the mark, so that inquiries never queue up for one row.
    private static GateCheck CapGate(AcknowledgementCase c) =>
        TextCaps.Reached(c.Business.TextLimits, c.ContactPoint?.Sends, [], c.Now) is [var cap, ..]
            ? Fail("cap", cap.Code, $"{c.ContactPoint!.Sends!.InHour(c.Now)} within the hour, {c.ContactPoint.Sends.InDay(c.Now)} within 24 hours")
            : Pass("cap", "room for this number");

    // Ring time, never talk time (C-03). A busy or failed line rings nobody, so it says nothing of the caller.
    private static GateCheck HangupGate(AcknowledgementCase c)
    {
        if (c.Inquiry is not CallMissed call)
        {
            return Pass("ring_time", "not a call");
        }

        var ring = c.Revised?.RingSeconds ?? call.RingSeconds;
        var reason = c.Revised?.Reason ?? call.Reason;
        var voicemail = c.Revised?.Voicemail ?? call.Voicemail;
        var shortest = c.Business.Acknowledgement.MinRingSeconds;
        if (ring is not { } seconds)
        {
            return Pass("ring_time", "not known");
        }

        var hangup = seconds < shortest && voicemail is null && reason is ("abandoned" or "no_answer");
        return Check("ring_time", !hangup, ReasonCodes.SuspectedHangup, $"rang {seconds} s, at least {shortest} s expected");
    }

    private static GateCheck SpamGate(AcknowledgementCase c, PhoneNumber? number)
    {
        var spam = c.Business.Spam;
        if (number is not null && spam.Numbers.Contains(number))
        {
            return Fail("spam", ReasonCodes.SpamListed, $"list {spam.ListName} version {spam.ListVersion}");
        }

        return c.Inquiry is CallMissed { SpamScore: { } score }
            ? Check("spam", score <= spam.ScoreThreshold, ReasonCodes.SpamScore, $"score {score}, threshold {spam.ScoreThreshold}")
            : Pass("spam", "not listed, no score");
    }

    private static GateCheck FreshnessGate(AcknowledgementCase c, Instant permittedAt, Instant occurred)
    {
        var limit = Instant.Max(permittedAt, occurred) + c.Business.Acknowledgement.StaleAfter;
        return Check("freshness", c.Now <= limit, ReasonCodes.StaleInquiry, $"happened {occurred}, true until {limit}");
    }

    private static GateCheck WindowGate(AcknowledgementCase c, SendingWindow window, IReadOnlyList<DateTimeZone> zones, Instant? open) =>
        NumberOf(c.Inquiry) is null
            ? Pass("sending_window", "no recipient")
            : Check("sending_window", open == c.Now, ReasonCodes.QuietHoursDeferred,
                $"{window.Name}, {string.Join(", ", zones.Take(4).Select(zone => zone.Id))}{(zones.Count > 4 ? $" and {zones.Count - 4} more" : "")}");

    private static Instant? Earliest(AcknowledgementCase c, GateCheck[] failed, Instant? open)
    {
        if (failed.Length == 0)
        {
            return c.Now;
        }

        var at = open;
        foreach (var check in failed)
        {
            switch (check.Code)
            {
                case ReasonCodes.QuietHoursDeferred:
                    break;
                case ReasonCodes.AlreadyAcknowledged:
                    var again = c.ContactPoint!.LastAcknowledgedAt!.Value + c.Business.Acknowledgement.RepeatWindow;
                    at = at is { } known ? Instant.Max(known, again) : again;
                    break;
                default:
                    return null;
            }
        }

        return at;
    }

    private static string Counterfactual(AcknowledgementCase c, GateCheck[] failed) =>
        "It would be sent if " + string.Join(", and ", failed.Select(check => check.Code switch
        {
            ReasonCodes.NumberMissing => "the inquiry gave a complete phone number",
            ReasonCodes.NumberWithheld => "the caller showed a number",
            ReasonCodes.NumberNotTextable => "the number could receive texts",
            ReasonCodes.SuppressedNumber or ReasonCodes.SuppressedByProvider => "the person texted START",
            ReasonCodes.OptOutPhraseHeld => "a person found that the text was no opt-out",
            ReasonCodes.NoSmsConsentOnForm => "the form's consent box had been ticked",
            ReasonCodes.ConsentWithdrawn => "the person had consented again",
            ReasonCodes.PurposeNotCovered => "the consent covered transactional_reply",
            ReasonCodes.AlreadyAcknowledged => $"the last acknowledgement were more than {c.Business.Acknowledgement.RepeatWindow.TotalHours.ToString("0.#", CultureInfo.InvariantCulture)} hours old",
            ReasonCodes.FollowupDisabled => "follow-up were switched on",
            ReasonCodes.BillingInactive => "billing were active",
            ReasonCodes.QuotaExhausted => "this month's quota had room",
            ReasonCodes.SmsCapNumber => TextCaps.Reached(c.Business.TextLimits, c.ContactPoint?.Sends, [], c.Now)[0].Change,
            ReasonCodes.SuspectedHangup => $"it had rung for {c.Business.Acknowledgement.MinRingSeconds} seconds or left a voicemail",
            ReasonCodes.SpamListed => "the number were not on the spam list",
            ReasonCodes.SpamScore => $"its spam score were at most {c.Business.Spam.ScoreThreshold}",
            ReasonCodes.StaleInquiry => "it had been received in time",
            ReasonCodes.TemplateBlocked => "the template were enabled",
            _ => "the recipient's sending window were open",
        })) + ".";

    private static GateCheck Check(string gate, bool passed, string code, string input) =>
        new(gate, passed, passed ? null : code, input);

    private static GateCheck Pass(string gate, string input) => new(gate, true, null, input);

    private static GateCheck Fail(string gate, string code, string input) => new(gate, false, code, input);
}
