using System.Text.Json.Serialization;
using LeadLedger.EventStore;
using LeadLedger.Leads;
using LeadLedger.Merging;
using LeadLedger.Sending;
using NodaTime;

namespace LeadLedger.Contacting;

/// <summary>
/// The gate row of a phone number or mailbox of one business: what every lead that uses it has done to the right
/// of texting it. It is folded from their events and locked before anything is decided or sent.
/// </summary>
public sealed record ContactPoint
{
    public const string Phone = "phone";
    public const string Email = "email";

    /// <summary>Counts acknowledgements of a month against a conversation quota; not a contact point, but a gate row.</summary>
    public const string Quota = "quota";

    public static ContactPoint Empty { get; } = new();

    public Instant? SuppressedSince { get; init; }

    /// <summary>The word or provider code that suppressed it.</summary>
    public string? SuppressedBy { get; init; }

    /// <summary>The provider refuses the number: only its own START lifts that.</summary>
    public bool BlockedByProvider { get; init; }

    /// <summary>A possible opt-out waits for a person.</summary>
    public bool Held { get; init; }

    /// <summary>The provider's code that says no text can arrive here.</summary>
    public string? NotTextable { get; init; }

    public Instant? LastAcknowledgedAt { get; init; }

    public Guid? LastAcknowledgement { get; init; }

    /// <summary>The person wrote to us by text since the last acknowledgement.</summary>
    public Instant? LastInboundAt { get; init; }

    /// <summary>Consent by purpose.</summary>
    public IReadOnlyDictionary<string, ConsentState> Consents { get; init; } = new SortedDictionary<string, ConsentState>(StringComparer.Ordinal);

    /// <summary>Acknowledgements counted, in a quota row.</summary>
    public int Count { get; init; }

    /// <summary>Texts begun lately, to this number or in this counter row.</summary>
    public SendTally? Sends { get; init; }

    /// <summary>The provider's own code suppressed it, not a word of the person.</summary>
    [JsonIgnore]
    public bool IsProvidersBlock => BlockedByProvider && SuppressedBy is { Length: > 0 } by && char.IsAsciiDigit(by[0]);
}

/// <summary>Consent for one purpose with the event that gave or took it.</summary>
/// <param name="State">granted, denied or withdrawn.</param>
/// <param name="At">When.</param>
/// <param name="Lead">Stream of the event.</param>
/// <param name="Version">Version of the event in that stream.</param>
public sealed record ConsentState(string State, Instant At, Guid Lead, long Version);

/// <summary>How facts change gate rows.</summary>
public static class ContactPoints
{
    /// <summary>Most leads remembered for one contact point.</summary>
    public const int MostStreams = 64;

    /// <summary>The usable identifiers of an inquiry.</summary>
    public static IReadOnlyList<ContactRef> Of(IInquiry inquiry) => inquiry switch
    {
        CallMissed { Caller: { } caller, Withheld: false } => [new ContactRef(ContactPoint.Phone, caller)],
        SmsReceived { From: { } from } => [new ContactRef(ContactPoint.Phone, from)],
        FormSubmitted e => OfForm(e),
        _ => [],
    };

    public static IReadOnlyList<GateKey> KeysOf(RecordedEvent recorded)
    {
        var tenant = recorded.Stream.Tenant;
        return recorded.Data switch
        {
            IInquiry inquiry => [.. Of(inquiry).Select(point => new GateKey(tenant, point.Kind, point.Value))],
            SmsRequested { QuotaMonth: { } month } e => [Number(tenant, e.To), new GateKey(tenant, ContactPoint.Quota, month)],
            SmsRequested e => [Number(tenant, e.To)],
            SmsCalling e => [Number(tenant, e.To), .. e.Counters.Select(counter => TextCaps.KeyOf(tenant, counter))],
            NumberUnreachable e => [new GateKey(tenant, e.Kind, e.Value)],
            SmsFailed e => [Number(tenant, e.To)],
            SmsWithheld e => [Number(tenant, e.To)],
            OptedOut e => [new GateKey(tenant, e.Kind, e.Value)],
            OptedIn e => [new GateKey(tenant, e.Kind, e.Value)],
            OptOutPhraseHeld e => [new GateKey(tenant, e.Kind, e.Value)],
            OptOutPhraseResolved e => [new GateKey(tenant, e.Kind, e.Value)],
            ConsentRecorded e => [new GateKey(tenant, e.Kind, e.Value)],
            ContactRecordOpened e => [new GateKey(tenant, e.Kind, e.Value)],
            LeadAbsorbed e => [.. e.ContactPoints.Select(point => new GateKey(tenant, point.Kind, point.Value))],
            LeadMergedInto e => [.. e.ContactPoints.Select(point => new GateKey(tenant, point.Kind, point.Value))],
            LeadSeparated e => [.. e.ContactPoints.Select(point => new GateKey(tenant, point.Kind, point.Value))],
            _ => [],
        };
    }

    public static (ContactPoint State, IReadOnlyList<Guid> Streams) Apply(
        GateKey key, ContactPoint state, IReadOnlyList<Guid> streams, RecordedEvent recorded)
    {
        var id = recorded.Stream.Id;
        var at = recorded.Timestamp;
        return recorded.Data switch
        {
            // Whoever texts us can be texted.
            SmsReceived e => (state with { LastInboundAt = e.OccurredAt, NotTextable = null }, First(streams, id)),
            FormSubmitted e => (key.Kind == ContactPoint.Phone ? WithFormConsent(state, e, recorded) : state, First(streams, id)),
            IInquiry => (state, First(streams, id)),
            SmsRequested when key.Kind == ContactPoint.Quota => (state with { Count = state.Count + 1 }, streams),
            SmsRequested { Purpose: Purposes.Acknowledgement } e =>
                (state with { LastAcknowledgedAt = at, LastAcknowledgement = e.Message }, streams),
            SmsCalling { Counters.Count: > 0 } => (state with { Sends = (state.Sends ?? SendTally.None).Add(at) }, streams),
            NumberUnreachable e => (state with { NotTextable = e.Code }, streams),
            SmsFailed e => (Unacknowledged(state, e.Message) with { NotTextable = NotTextableCode(e.Code) ?? state.NotTextable }, streams),
            SmsWithheld e => (Unacknowledged(state, e.Message), streams),
            OptedOut e => (state with
            {
                SuppressedSince = state.SuppressedSince ?? at,
                SuppressedBy = state.SuppressedBy ?? e.Word,
                BlockedByProvider = state.BlockedByProvider || e.Via == "provider" || e.ProviderReplied,
                Held = false,
            }, streams),
            OptedIn e => (state with { SuppressedSince = null, SuppressedBy = null, BlockedByProvider = false, Held = false }, streams),
            OptOutPhraseHeld => (state with { Held = true }, streams),
            OptOutPhraseResolved { OptOut: true } e => (state with { Held = false, SuppressedSince = at, SuppressedBy = "phrase" }, streams),
            OptOutPhraseResolved => (state with { Held = false }, streams),
            ConsentRecorded e => (state with { Consents = With(state.Consents, e.Purpose, new ConsentState(e.State, at, id, recorded.Version)) }, streams),
            LeadAbsorbed or ContactRecordOpened => (state, First(streams, id)),
            LeadMergedInto => (state, [.. streams.Where(stream => stream != id)]),
            LeadSeparated e => (state, e.ContactPoints.First(point => point.Kind == key.Kind && point.Value == key.Value).Leads),
            _ => (state, streams),
        };
    }

    private static GateKey Number(string tenant, string e164) => new(tenant, ContactPoint.Phone, e164);

    private static IReadOnlyList<ContactRef> OfForm(FormSubmitted e)
    {
        var phone = e is { Phone: { } number, PhoneUsable: true } ? new ContactRef(ContactPoint.Phone, number) : null;
        var email = e.EmailKey is { } key ? new ContactRef(ContactPoint.Email, key) : null;
        return (phone, email) switch
        {
            ({ }, { }) => [phone, email],
            ({ }, null) => [phone],
            (null, { }) => [email],
            _ => [],
        };
    }

    // An unticked or older form takes nothing back and opens nothing again (C-31): it only adds what it grants.
    private static ContactPoint WithFormConsent(ContactPoint state, FormSubmitted e, RecordedEvent recorded)
    {
        if (e.Consent is not { } consent)
        {
            return state;
        }

        var consents = state.Consents;
        foreach (var purpose in consent.Purposes)
        {
            var stands = consents.GetValueOrDefault(purpose);
            if (consent.Given)
            {
                consents = With(consents, purpose, new ConsentState("granted", consent.CapturedAt, recorded.Stream.Id, recorded.Version));
            }
            else if (stands is null)
            {
                consents = With(consents, purpose, new ConsentState("denied", consent.CapturedAt, recorded.Stream.Id, recorded.Version));
            }
        }

        return state with { Consents = consents };
    }

    private static SortedDictionary<string, ConsentState> With(
        IReadOnlyDictionary<string, ConsentState> consents, string purpose, ConsentState state) =>
        new(consents.ToDictionary(), StringComparer.Ordinal) { [purpose] = state };

    private static ContactPoint Unacknowledged(ContactPoint state, Guid message) =>
        state.LastAcknowledgement == message ? state with { LastAcknowledgedAt = null, LastAcknowledgement = null } : state;

    // What these codes said before a fact of their own said it; the list is part of how old history reads and does not grow.
    private static string? NotTextableCode(string? code) => code is "21614" or "30006" or "21211" or "30005" ? code : null;

    private static IReadOnlyList<Guid> First(IReadOnlyList<Guid> streams, Guid id) =>
        streams.Count > 0 && streams[0] == id
            ? streams
            : [id, .. streams.Where(stream => stream != id).Take(MostStreams - 1)];
}
