using NodaTime;

namespace LeadLedger.Leads;

// Every fact the stream of a lead can hold: the storage contract. Names and fields are stored for ever;
// a change of meaning is a new fact with a new alias. Each carries the values that were decided, not instructions.

/// <summary>Marks a fact of a lead's stream.</summary>
public interface ILeadEvent;

/// <summary>Marks a fact that is an inquiry: it asks for attention, and every purpose is decided for it.</summary>
public interface IInquiry : ILeadEvent
{
    Guid Inquiry { get; }

    Match Match { get; }
}

/// <summary>Which lead an inquiry went to, and why.</summary>
/// <param name="Outcome">new, attached, prior_customer, shared_number, number_level or withheld.</param>
/// <param name="Keys">The identifiers that agreed, such as <c>phone:+12145550100</c>.</param>
/// <param name="Reason">The rule that decided, in a word.</param>
/// <param name="RuleVersion">Version of the matching rules.</param>
/// <param name="Others">Other leads that were looked at and not joined.</param>
public sealed record Match(
    string Outcome, IReadOnlyList<string> Keys, string Reason, string RuleVersion, IReadOnlyList<Guid> Others);

/// <summary>Where an inquiry came from, as the form or link said.</summary>
public sealed record Attribution
{
    public string? SourceUrl { get; init; }

    public string? LandingUrl { get; init; }

    public string? Referrer { get; init; }

    public string? UtmSource { get; init; }

    public string? UtmMedium { get; init; }

    public string? UtmCampaign { get; init; }

    public string? UtmTerm { get; init; }

    public string? UtmContent { get; init; }

    public string? Gclid { get; init; }

    public string? Fbclid { get; init; }

    public string? Device { get; init; }
}

/// <summary>What a form showed and what was ticked, as evidence.</summary>
public sealed record ConsentEvidence
{
    public required string FormId { get; init; }

    public required string FormVersion { get; init; }

    public required string Text { get; init; }

    /// <summary>SHA-256 of the text, hex.</summary>
    public required string TextHash { get; init; }

    /// <summary>The checkbox's value as received; null when the field did not come.</summary>
    public string? CheckboxState { get; init; }

    public required bool Given { get; init; }

    public required IReadOnlyList<string> Purposes { get; init; }

    public string? PrivacyPolicyHash { get; init; }

    public string? SourceUrl { get; init; }

    public required Instant CapturedAt { get; init; }

    public string? Ip { get; init; }

    public string? UserAgent { get; init; }
}

/// <summary>A voicemail, by reference to the provider's recording.</summary>
public sealed record Voicemail(string RecordingSid, string? Url, int? Seconds);

public sealed record CallMissed : IInquiry
{
    public required Guid Inquiry { get; init; }

    /// <summary>The stream of the call this is about.</summary>
    public required Guid Call { get; init; }

    public required string Provider { get; init; }

    public required string CallSid { get; init; }

    /// <summary>The caller in E.164; null when withheld or not a number.</summary>
    public string? Caller { get; init; }

    /// <summary>The caller id as the provider gave it.</summary>
    public string? CallerRaw { get; init; }

    public bool Withheld { get; init; }

    public string? CallerName { get; init; }

    /// <summary>The line that was called, E.164.</summary>
    public string? Line { get; init; }

    public string? LineLabel { get; init; }

    /// <summary>voicemail, abandoned, no_answer, busy, failed or after_hours.</summary>
    public required string Reason { get; init; }

    /// <summary>Ring time from start to end; null when not known, never invented.</summary>
    public int? RingSeconds { get; init; }

    /// <summary>The provider's talk duration.</summary>
    public int? DurationSeconds { get; init; }

    public Voicemail? Voicemail { get; init; }

    /// <summary>The provider's spam score, 0 to 100.</summary>
    public int? SpamScore { get; init; }

    /// <summary>Caller id attestation: A, B or C when it passed.</summary>
    public string? Attestation { get; init; }

    public string? ForwardedFrom { get; init; }

    public required Instant OccurredAt { get; init; }

    public required Match Match { get; init; }

    public bool TestMode { get; init; }

    /// <summary>reconciliation when its own report never came and a list of the provider told of it.</summary>
    public string? FoundBy { get; init; }
}

/// <summary>What was said of a missed call turned out differently: a late callback, a voicemail, or it was answered after all.</summary>
public sealed record CallOutcomeRevised : ILeadEvent
{
    public required Guid Inquiry { get; init; }

    public required string CallSid { get; init; }

    /// <summary>missed or answered.</summary>
    public required string Outcome { get; init; }

    public required string Reason { get; init; }

    public int? RingSeconds { get; init; }

    public Voicemail? Voicemail { get; init; }

    public string? Caller { get; init; }
}

public sealed record FormSubmitted : IInquiry
{
    public required Guid Inquiry { get; init; }

    public required string FormId { get; init; }

    public required string FormVersion { get; init; }

    public string? FormLabel { get; init; }

    public required string SubmissionId { get; init; }

    public string? Name { get; init; }

    public string? Phone { get; init; }

    public string? PhoneRaw { get; init; }

    public string? PhoneExtension { get; init; }

    /// <summary>The phone is complete enough to be an identifier.</summary>
    public bool PhoneUsable { get; init; }

    /// <summary>Domain lower-cased, local part as given.</summary>
    public string? Email { get; init; }

    /// <summary>The comparison form: all lower case; null when the address is not usable.</summary>
    public string? EmailKey { get; init; }

    public string? Company { get; init; }

    public string? Role { get; init; }

    public string? Message { get; init; }

    public string? Service { get; init; }

    public string? Budget { get; init; }

    public string? Deadline { get; init; }

    public string? WidgetId { get; init; }

    public required Attribution Attribution { get; init; }

    public ConsentEvidence? Consent { get; init; }

    /// <summary>Fields we have no place for, kept as they came.</summary>
    public IReadOnlyDictionary<string, string>? Extra { get; init; }

    /// <summary>As received, with its offset when it had one.</summary>
    public string? SubmittedAtText { get; init; }

    public bool SubmittedAtOffsetMissing { get; init; }

    public required Instant OccurredAt { get; init; }

    public required Match Match { get; init; }

    public bool TestMode { get; init; }
}

public sealed record SmsReceived : IInquiry
{
    public required Guid Inquiry { get; init; }

    public required string MessageSid { get; init; }

    public string? From { get; init; }

    public string? FromRaw { get; init; }

    public string? Line { get; init; }

    public required string Body { get; init; }

    public int Media { get; init; }

    /// <summary>What the provider took it for: STOP, START or HELP.</summary>
    public string? OptOutType { get; init; }

    /// <summary>Whether it asks for attention; a bare opt-out word does not.</summary>
    public bool AsksForAttention { get; init; } = true;

    public required Instant OccurredAt { get; init; }

    public required Match Match { get; init; }

    public bool TestMode { get; init; }

    /// <summary>reconciliation when its own report never came and a list of the provider told of it.</summary>
    public string? FoundBy { get; init; }
}

/// <summary>One gate of a decision with what it saw.</summary>
/// <param name="Gate">Name of the gate, such as <c>consent</c>.</param>
/// <param name="Passed">Whether it let the message pass.</param>
/// <param name="Code">The reason code when it did not.</param>
/// <param name="Input">What it looked at, in short.</param>
public sealed record GateCheck(string Gate, bool Passed, string? Code, string Input);

/// <summary>The outcome of all gates for one inquiry and one purpose. Nothing reaches a provider without one.</summary>
public sealed record DecisionMade : ILeadEvent
{
    public required Guid Decision { get; init; }

    public required Guid Inquiry { get; init; }

    /// <summary>acknowledgement or owner_alert.</summary>
    public required string Purpose { get; init; }

    /// <summary>permitted, deferred or denied.</summary>
    public required string Outcome { get; init; }

    public required IReadOnlyList<string> Codes { get; init; }

    public required IReadOnlyList<GateCheck> Gates { get; init; }

    public required string PolicyVersion { get; init; }

    /// <summary>inquiry_reply or express_consent(purpose); null when there is none.</summary>
    public string? Basis { get; init; }

    /// <summary>When it is decided again, for a deferred one.</summary>
    public Instant? SendAfter { get; init; }

    /// <summary>The earliest instant at which it would be allowed, all else equal; null when time alone never allows it.</summary>
    public Instant? EarliestPermitted { get; init; }

    /// <summary>The smallest change that would flip the outcome.</summary>
    public string? Counterfactual { get; init; }

    public string? Template { get; init; }

    public int? TemplateVersion { get; init; }

    /// <summary>Candidate zones of the recipient, all of which must be open.</summary>
    public IReadOnlyList<string> Zones { get; init; } = [];

    /// <summary>The decision this one replaces.</summary>
    public Guid? Supersedes { get; init; }
}

public sealed record LeadRouted : ILeadEvent
{
    /// <summary>Staff id; null when it waits in a queue.</summary>
    public string? Owner { get; init; }

    /// <summary>triage when no rule found an owner.</summary>
    public string? Queue { get; init; }

    public required string Rule { get; init; }

    public required string RoutingReason { get; init; }

    public IReadOnlyList<string> Rejected { get; init; } = [];
}

public sealed record TaskOpened : ILeadEvent
{
    public required Guid Task { get; init; }

    /// <summary>callback, check, voicemail_review, pick or delivery_check.</summary>
    public required string TaskKind { get; init; }

    public required Guid Inquiry { get; init; }

    public string? Owner { get; init; }

    public string? Queue { get; init; }

    public required Instant DueAt { get; init; }

    public string? Number { get; init; }

    public Instant? CalledAt { get; init; }

    /// <summary>normal or high.</summary>
    public required string Priority { get; init; }

    public string? Note { get; init; }

    /// <summary>Leads to choose from, for a pick.</summary>
    public IReadOnlyList<Guid> Candidates { get; init; } = [];
}

public sealed record TaskRefreshed : ILeadEvent
{
    public required Guid Task { get; init; }

    public required Guid Inquiry { get; init; }

    /// <summary>Inquiries behind this task now.</summary>
    public required int Count { get; init; }

    public required string Priority { get; init; }

    public string? Note { get; init; }
}

public sealed record TaskClaimed(Guid Task, string By) : ILeadEvent;

public sealed record TaskReassigned(Guid Task, string Owner, string By, string? Reason) : ILeadEvent;

public sealed record TaskCompleted(Guid Task, string Outcome, string? Note, string By) : ILeadEvent;

public sealed record TaskCancelled(Guid Task, string Reason, string By) : ILeadEvent;

public sealed record TaskEscalated : ILeadEvent
{
    public required Guid Task { get; init; }

    public required string Rung { get; init; }

    /// <summary>owner, team, human_queue or business_owner.</summary>
    public required string Audience { get; init; }

    public string? To { get; init; }
}

public sealed record UrgentReviewRequested(Guid Inquiry, IReadOnlyList<string> Words) : ILeadEvent;

public sealed record SmsRequested : ILeadEvent
{
    public required Guid Message { get; init; }

    public required Guid Inquiry { get; init; }

    public required Guid Decision { get; init; }

    public required string Purpose { get; init; }

    public required string To { get; init; }

    public required string From { get; init; }

    public required string Body { get; init; }

    public required string Template { get; init; }

    public required int TemplateVersion { get; init; }

    public required string TemplateReason { get; init; }

    public required string Class { get; init; }

    public required int Segments { get; init; }

    public required string Encoding { get; init; }

    /// <summary>Start of the acknowledgement clock: the first permitted instant (C-02).</summary>
    public required Instant PermittedAt { get; init; }

    /// <summary>After this the text is no longer true and is not sent (C-22).</summary>
    public required Instant NotAfter { get; init; }

    /// <summary>The calendar month that counts it against the conversation quota, such as 2026-11; null without a quota.</summary>
    public string? QuotaMonth { get; init; }

    /// <summary>The text that a person had sent again as this one; null for a first text.</summary>
    public Guid? Replaces { get; init; }
}

public sealed record SmsAccepted : ILeadEvent
{
    public required Guid Message { get; init; }

    public required string ProviderId { get; init; }

    public required string To { get; init; }

    /// <summary>The recorded sender took it: nothing left the building.</summary>
    public bool RecordedOnly { get; init; }
}

public sealed record SmsSent(Guid Message, string ProviderId) : ILeadEvent;

public sealed record SmsDelivered(Guid Message, string ProviderId) : ILeadEvent;

public sealed record SmsFailed : ILeadEvent
{
    public required Guid Message { get; init; }

    public required string To { get; init; }

    public string? ProviderId { get; init; }

    /// <summary>The provider's error code.</summary>
    public string? Code { get; init; }

    public required string Error { get; init; }

    /// <summary>How many attempts were made.</summary>
    public int Attempts { get; init; }
}

public sealed record SmsAttemptFailed : ILeadEvent
{
    public required Guid Message { get; init; }

    public required int Attempt { get; init; }

    public required string Error { get; init; }

    public string? Code { get; init; }

    public Instant? RetryAt { get; init; }
}

/// <summary>A requested text was not sent after all: at dispatch its permission was gone.</summary>
public sealed record SmsWithheld(Guid Message, string To, IReadOnlyList<string> Codes) : ILeadEvent
{
    /// <summary>What would have let it go.</summary>
    public string? Counterfactual { get; init; }
}

/// <summary>Whether the text left is not known; it is not sent again, a person looks.</summary>
public sealed record SmsUnconfirmed(Guid Message, string To, string Reason) : ILeadEvent;

public sealed record AckSlaBreached : ILeadEvent
{
    public required Guid Message { get; init; }

    public required Guid Inquiry { get; init; }

    public required Instant PermittedAt { get; init; }

    public required int Seconds { get; init; }

    public required int TargetSeconds { get; init; }
}

public sealed record OwnerAlertRequested : ILeadEvent
{
    public required Guid Alert { get; init; }

    public required Guid Inquiry { get; init; }

    /// <summary>new_inquiry, second_touch, escalation or text_failed.</summary>
    public required string AlertKind { get; init; }

    /// <summary>Staff id, or <c>team</c> for the team channel.</summary>
    public required string Recipient { get; init; }

    /// <summary>sms, email or channel, each sent and retried on its own.</summary>
    public required IReadOnlyList<string> Channels { get; init; }

    public string? SmsTo { get; init; }

    public string? SmsFrom { get; init; }

    public string? EmailTo { get; init; }

    public required string Subject { get; init; }

    public required string SmsBody { get; init; }

    public required string EmailBody { get; init; }
}

public sealed record OwnerAlertSent(Guid Alert, string Channel, string? ProviderId) : ILeadEvent;

public sealed record OwnerAlertFailed(Guid Alert, string Channel, string Error) : ILeadEvent;

/// <summary>No more texts to this contact point, for any purpose, lead or line of the business (C-31).</summary>
public sealed record OptedOut : ILeadEvent
{
    public required string Kind { get; init; }

    public required string Value { get; init; }

    /// <summary>The word that was sent, or the provider's code.</summary>
    public required string Word { get; init; }

    /// <summary>sms, provider, staff or form.</summary>
    public required string Via { get; init; }

    /// <summary>The provider has confirmed it to the sender, so we do not.</summary>
    public bool ProviderReplied { get; init; }
}

public sealed record OptedIn : ILeadEvent
{
    public required string Kind { get; init; }

    public required string Value { get; init; }

    public required string Word { get; init; }

    public required string Via { get; init; }
}

/// <summary>A possible opt-out in free words: texts are held until a person has read it.</summary>
public sealed record OptOutPhraseHeld(string Kind, string Value, string Phrase) : ILeadEvent;

public sealed record OptOutPhraseResolved(string Kind, string Value, bool OptOut, string By) : ILeadEvent;

/// <summary>Consent recorded by a person, with its evidence.</summary>
public sealed record ConsentRecorded : ILeadEvent
{
    public required string Kind { get; init; }

    public required string Value { get; init; }

    public required string Purpose { get; init; }

    /// <summary>granted, denied or withdrawn.</summary>
    public required string State { get; init; }

    public required string Evidence { get; init; }
}

public sealed record CorrectionOffered(Guid Inquiry, string Text) : ILeadEvent;

public sealed record SharesContactPoint(string Kind, string Value, IReadOnlyList<Guid> Leads) : ILeadEvent;

public sealed record MergeSuggested : ILeadEvent
{
    public required Guid Other { get; init; }

    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>0 to 100.</summary>
    public required int Score { get; init; }

    public required string RuleVersion { get; init; }
}

/// <summary>A contact point by kind and value.</summary>
public sealed record ContactRef(string Kind, string Value);

/// <summary>This lead stands for another one from now on; the other's stream stays as it is.</summary>
public sealed record LeadAbsorbed : ILeadEvent
{
    public required Guid Other { get; init; }

    public required IReadOnlyList<ContactRef> ContactPoints { get; init; }

    public string? Name { get; init; }

    public required Instant OtherOpenedAt { get; init; }

    public required int OtherInquiries { get; init; }

    public Attribution? OtherFirstTouch { get; init; }

    public string? OtherSource { get; init; }

    public required string By { get; init; }

    public string? Reason { get; init; }
}

public sealed record LeadMergedInto(Guid Survivor, IReadOnlyList<ContactRef> ContactPoints, string By, string? Reason) : ILeadEvent;

/// <summary>Staff named a contact point nobody had used yet: a record of its own, absent from the work lists.</summary>
public sealed record ContactRecordOpened(string Kind, string Value, string By, string Reason) : ILeadEvent;

public sealed record NoteAdded(string Text, string By) : ILeadEvent;

public sealed record CrmMirrored : ILeadEvent
{
    public required string Target { get; init; }

    /// <summary>The other system's id for this lead.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The lead's version that was sent.</summary>
    public required long LeadVersion { get; init; }

    public int Attempts { get; init; }
}

public sealed record CrmMirrorFailed(string Target, string Error, int Attempts) : ILeadEvent;
