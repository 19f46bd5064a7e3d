using System.Globalization;
using System.Text.Json;
using LeadLedger.Leads;
using NodaTime;

namespace LeadLedger.Staff.Frame;

/// <summary>Decisions and their reason codes as people say them.</summary>
public static class DecisionWords
{
    /// <summary>The outcome in one sentence.</summary>
    /// <param name="decision">The fields of a decision.</param>
    /// <param name="zone">Of the lead's business.</param>
    public static string Sentence(JsonElement decision, DateTimeZone zone)
    {
        var codes = string.Join("; ", decision.Texts("codes").Select(Code));
        var (did, didNot) = decision.Text("purpose") switch
        {
            Purposes.OwnerAlert => ("Staff are alerted", "Staff were not alerted"),
            Purposes.OptOutConfirmation => ("The opt-out is confirmed by text", "The opt-out was not confirmed by text"),
            _ => ("May be texted", "Not texted"),
        };
        return decision.Text("outcome") switch
        {
            "permitted" => decision.Text("basis") is { } basis ? $"{did}: {Basis(basis)}." : $"{did}.",
            "deferred" when decision.At("sendAfter") is { } at => $"{didNot} yet: {codes} until {Clock(at, zone)}; decided again then.",
            _ => $"{didNot}: {codes}.",
        };
    }

    /// <summary>A reason code in words.</summary>
    public static string Code(string code) => code switch
    {
        ReasonCodes.Permitted => "everything agreed",
        ReasonCodes.AlreadyAcknowledged => "an answer went out already",
        ReasonCodes.DuplicateEvent => "the same inquiry was heard before",
        ReasonCodes.QuietHoursDeferred => "quiet hours",
        ReasonCodes.NoBasis => "nothing allows a text",
        ReasonCodes.NoSmsConsentOnForm => "the form's box for texts was not ticked",
        ReasonCodes.NoBasisBeyondAck => "only a first answer is allowed, nothing more",
        ReasonCodes.PurposeNotCovered => "the consent does not cover this purpose",
        ReasonCodes.ConsentWithdrawn => "consent was withdrawn",
        ReasonCodes.SuppressedNumber => "this number opted out of texts",
        ReasonCodes.SuppressedByProvider => "the provider blocks texts to this number",
        ReasonCodes.OptOutPhraseHeld => "their words may be an opt-out; a person reads them first",
        ReasonCodes.NumberMissing => "there is no usable number",
        ReasonCodes.NumberWithheld => "the number was withheld",
        ReasonCodes.NumberNotTextable => "this number cannot receive texts",
        ReasonCodes.SuspectedHangup => "hung up at once",
        ReasonCodes.SpamListed => "on the list of spam callers",
        ReasonCodes.SpamScore => "looks like spam",
        ReasonCodes.QuotaExhausted => "this month's quota is used up",
        ReasonCodes.BillingInactive => "billing is inactive",
        ReasonCodes.FollowupDisabled => "follow-up is switched off",
        ReasonCodes.SmsCapNumber => "the limit of texts to this number is reached",
        ReasonCodes.SmsCapPrefix => "the limit of texts to numbers like this one is reached",
        ReasonCodes.SmsCapForm => "the limit of texts for this form is reached",
        ReasonCodes.SmsCapBusiness => "the business's limit of texts is reached",
        ReasonCodes.StaleInquiry => "the inquiry is too old",
        ReasonCodes.TemplateBlocked => "the template is switched off",
        ReasonCodes.HumanTookOver => "a person took over",
        ReasonCodes.TaskClosed => "a person dealt with it already",
        ReasonCodes.CancelledByStaff => "somebody of the staff cancelled it",
        ReasonCodes.AmbiguousDelivery => "an earlier text may have left",
        ReasonCodes.TestMode => "test mode",
        _ => Shown.Words(code),
    };

    public static string Basis(string basis) => basis == "inquiry_reply" ? "it answers their own inquiry" : $"consent on record ({Shown.Words(basis)})";

    private static string Clock(Instant at, DateTimeZone zone) =>
        at.InZone(zone).ToString("ddd d MMM, HH:mm", CultureInfo.InvariantCulture) + " " + at.InZone(zone).GetZoneInterval().Name;
}
