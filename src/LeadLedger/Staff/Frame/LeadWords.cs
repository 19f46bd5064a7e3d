using System.Text.Json;
using System.Text.RegularExpressions;
using LeadLedger.Businesses;
using LeadLedger.Leads;
using NodaTime;
using NodaTime.Text;

namespace LeadLedger.Staff.Frame;

/// <summary>A lead and its events in words.</summary>
public static partial class LeadWords
{
    private const int LongestSentence = 700;

    /// <summary>What a lead is called: its name, else its number, else what is known.</summary>
    public static string Heading(Lead lead, string region, bool masked) =>
        !string.IsNullOrWhiteSpace(lead.Name) ? masked ? Shown.MaskedName(lead.Name) : Shown.Name(lead.Name)
        : lead.Kind == LeadKind.Unidentified ? "Caller with a withheld number"
        : lead.Phone is { } phone ? masked ? Shown.MaskedPhone(phone) : Shown.Phone(phone, region)
        : lead.Email is { } email ? masked ? Shown.MaskedText(email) : Shown.Name(email)
        : lead.Kind == LeadKind.NumberLevel ? "One of several on this number"
        : "Unknown person";

    public static string Kind(LeadKind kind) => kind switch
    {
        LeadKind.Unidentified => "caller with a withheld number",
        LeadKind.NumberLevel => "somebody on a number that several leads share",
        LeadKind.ContactOnly => "only an opt-out",
        _ => "lead",
    };

    public static string TaskKind(string? kind) => kind switch
    {
        "callback" => "call back",
        "check" => "check first",
        "voicemail_review" => "listen to the voicemail",
        "pick" => "say who it is",
        "delivery_check" => "a text may not have arrived",
        var other => Shown.Words(other),
    };

    /// <summary>An event's sentence; the history was masked where it must be.</summary>
    /// <param name="entry">As the history shows it.</param>
    /// <param name="lead">The lead it is shown for.</param>
    public static string Sentence(JsonElement entry, OpenedLead lead)
    {
        var sentence = entry.Text("type") == "decision_made"
            ? DecisionWords.Sentence(entry.Member("data") ?? default, lead.Zone)
            : entry.Required("sentence");
        sentence = Local(sentence, lead.Zone);
        return sentence.Length > LongestSentence ? Intake.SafeText.Cut(sentence, LongestSentence) + "\u2026" : sentence;
    }

    /// <summary>Instants in a sentence as local time; what somebody wrote stays as it was.</summary>
    public static string Local(string sentence, DateTimeZone zone) => Instants().Replace(sentence, match =>
        match.Value[0] != '\u201c' && InstantPattern.ExtendedIso.Parse(match.Value) is { Success: true, Value: var at } ? Shown.Full(at, zone) : match.Value);

    /// <summary>Who acted: <c>staff:dana</c> reads as her name.</summary>
    public static string Actor(string? actor, Business business) => actor switch
    {
        null or "" => "unknown",
        "system" => "LeadLedger",
        _ when actor.StartsWith("staff:", StringComparison.Ordinal) => business.StaffOf(actor[6..])?.Name ?? actor[6..],
        _ when actor.StartsWith("provider:", StringComparison.Ordinal) => $"the provider ({actor[9..]})",
        _ => actor.Replace(":", " ", StringComparison.Ordinal),
    };

    public static string Staff(Business? business, string? id) => id is null ? "nobody" : business?.StaffOf(id)?.Name ?? id;

    /// <summary>How far a text got.</summary>
    public static string TextState(string state) => state switch
    {
        "requested" => "waits to be sent",
        "ambiguous" => "may have left; waiting to hear",
        "unconfirmed" => "never heard whether it left",
        "accepted" => "taken by the provider",
        "sent" => "handed to the carrier",
        "delivered" => "delivered",
        "failed" => "did not arrive",
        "withheld" => "held back",
        _ => Shown.Words(state),
    };

    public static string Purpose(string? purpose) => purpose switch
    {
        Purposes.Acknowledgement => "first answer by text",
        Purposes.OwnerAlert => "alert to staff",
        Purposes.OptOutConfirmation => "confirmation of an opt-out",
        _ => Shown.Words(purpose),
    };

    [GeneratedRegex("\u201c[^\u201d]*\u201d|\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Instants();
}
