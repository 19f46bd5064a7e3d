using LeadLedger.EventStore;
using LeadLedger.Hosting;
using LeadLedger.Leads;
using LeadLedger.Reading;
using LeadLedger.Staff.Accounts;
using NodaTime;

namespace LeadLedger.Staff.Frame;

/// <summary>One event that gave, took or blocked the right to text somebody.</summary>
/// <param name="At">When it was recorded.</param>
/// <param name="Type">Its stored name.</param>
/// <param name="Sentence">What happened, for people.</param>
/// <param name="Purpose">Of a consent; null otherwise.</param>
/// <param name="State">granted, denied, withdrawn, opted_out, opted_in, held or resolved.</param>
/// <param name="Evidence">What was said, ticked or sent.</param>
/// <param name="Actor">Who recorded it.</param>
/// <param name="Lead">The stream it stands in.</param>
/// <param name="Version">Its place in that stream.</param>
/// <param name="Hash">Its hash in the chain of that stream.</param>
public sealed record ConsentLine(
    Instant At, string Type, string Sentence, string? Purpose, string State, string? Evidence, string Actor, Guid Lead, long Version, string Hash);

/// <summary>The consent history of one number or mailbox, out of the events of every lead that uses it.</summary>
public sealed class ConsentRecords(HistoryQuery history, LedgerModel model)
{
    private static readonly string[] Types =
        ["form_submitted", "consent_recorded", "opted_out", "opted_in", "opt_out_phrase_held", "opt_out_phrase_resolved", "number_unreachable"];

    /// <summary>Oldest first; for an auditor without names, numbers and words.</summary>
    public async Task<IReadOnlyList<ConsentLine>> OfAsync(HttpContext http, string business, string kind, string value, IEnumerable<Guid> leads)
    {
        if (ApiScope.Of(http).Find(business) is null)
        {
            return [];
        }

        var masked = StaffSession.Of(http).User.Role == StaffUser.Auditor;
        var streams = new HashSet<Guid>();
        foreach (var lead in leads)
        {
            streams.UnionWith(await history.StreamsAsync(new StreamKey(business, lead), http.RequestAborted));
        }

        var entries = new List<HistoryEntry>();
        foreach (var type in Types)
        {
            entries.AddRange(await history.OfTypeAsync(business, [.. streams], type, http.RequestAborted));
        }

        return [.. entries.DistinctBy(entry => entry.Position).OrderBy(entry => entry.Position).SelectMany(entry => LinesOf(entry, kind, value, masked))];
    }

    private IEnumerable<ConsentLine> LinesOf(HistoryEntry entry, string kind, string value, bool masked)
    {
        var fact = model.Events.Read(entry.Type, entry.Data);
        return fact switch
        {
            FormSubmitted { Consent: { } consent } e when IsOn(e, kind, value) => consent.Purposes.Select(purpose =>
                Line(purpose, consent.Given ? "granted" : "denied", $"form {consent.FormId} version {consent.FormVersion}: \u201c{consent.Text}\u201d, box {consent.CheckboxState ?? "not sent"}, at {consent.CapturedAt}{(consent.Ip is { } ip ? $", from {ip}" : "")}")),
            ConsentRecorded e when Is(e.Kind, e.Value) => [Line(e.Purpose, e.State, e.Evidence)],
            OptedOut e when Is(e.Kind, e.Value) => [Line(null, "opted_out", $"{e.Word} (by {e.Via})")],
            OptedIn e when Is(e.Kind, e.Value) => [Line(null, "opted_in", $"{e.Word} (by {e.Via})")],
            OptOutPhraseHeld e when Is(e.Kind, e.Value) => [Line(null, "held", e.Phrase)],
            OptOutPhraseResolved e when Is(e.Kind, e.Value) => [Line(null, "resolved", e.OptOut ? "it was an opt-out" : "it was no opt-out")],
            Sending.NumberUnreachable e when Is(e.Kind, e.Value) => [Line(null, "unreachable", $"{e.Code}: {e.Reason}")],
            _ => [],
        };

        bool Is(string factKind, string factValue) => factKind == kind && factValue == value;

        ConsentLine Line(string? purpose, string state, string? evidence) => new(
            entry.RecordedAt, entry.Type, Masking.Sentence(model, entry.Type, entry.Data, masked), purpose, state,
            masked ? Shown.MaskedText(evidence) : evidence, entry.Actor, entry.Stream.Id, entry.Version, entry.Hash);
    }

    private static bool IsOn(FormSubmitted form, string kind, string value) =>
        kind == Contacting.ContactPoint.Phone ? form is { PhoneUsable: true } && form.Phone == value : form.EmailKey == value;
}
