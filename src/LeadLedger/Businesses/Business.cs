using LeadLedger.Calendars;
using LeadLedger.Messaging;
using LeadLedger.PhoneNumbers;
using NodaTime;

namespace LeadLedger.Businesses;

/// <summary>
/// One business as its validated file describes it: the tenant, and every value that the rules take as an argument.
/// Immutable; a changed file is a new value with a new <see cref="PolicyVersion"/>.
/// </summary>
public sealed record Business
{
    /// <summary>The tenant id: lower-case letters, digits and hyphens, at most 40 characters.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>IANA zone of the office, such as America/Chicago.</summary>
    public required DateTimeZone Zone { get; init; }

    /// <summary>Default region for reading national numbers, such as US.</summary>
    public string Region { get; init; } = "US";

    public string Locale { get; init; } = "en";

    public Profile Profile { get; init; } = Profile.General;

    /// <summary>Identifies the file's content in every decision: first 12 hex digits of its SHA-256.</summary>
    public required string PolicyVersion { get; init; }

    /// <summary>Who answers for the rules in the file, and from when they were meant to apply (GEN-04).</summary>
    public string Author { get; init; } = "LeadLedger";

    public LocalDate EffectiveFrom { get; init; } = new(2026, 11, 20);

    /// <summary>Test businesses decide as usual but never reach a live provider.</summary>
    public bool TestMode { get; init; }

    public required BusinessCalendar Calendar { get; init; }

    public required IReadOnlyList<Line> Lines { get; init; }

    public IReadOnlyList<Form> Forms { get; init; } = [];

    public required IReadOnlyList<StaffMember> Staff { get; init; }

    /// <summary>The staff member who owns leads that no line decides; null sends them to triage.</summary>
    public string? DefaultOwner { get; init; }

    /// <summary>How a customer reaches help that cannot wait, in the words a text may use.</summary>
    public required string UrgentRoute { get; init; }

    /// <summary>Words that send an inquiry to human review at once.</summary>
    public IReadOnlyList<string> UrgentWords { get; init; } = [];

    public SendingRules Sending { get; init; } = new();

    public AcknowledgementRules Acknowledgement { get; init; } = new();

    public MatchRules Matching { get; init; } = new();

    public TaskRules Tasks { get; init; } = new();

    public SpamRules Spam { get; init; } = new();

    public IntakeLimits Limits { get; init; } = new();

    public TextLimits TextLimits { get; init; } = new();

    /// <summary>The templates in force: the shipped ones, with this file's changes over them, by id.</summary>
    public required IReadOnlyDictionary<string, Template> Templates { get; init; }

    public TwilioAccount? Twilio { get; init; }

    /// <summary>Shared secret of the GoHighLevel webhook; null closes that webhook.</summary>
    public Secret? GhlSecret { get; init; }

    /// <summary>Where lead changes are posted, signed; the CRM mirror.</summary>
    public IReadOnlyList<CrmTarget> Crm { get; init; } = [];

    public Line? LineOf(PhoneNumber number) => Lines.FirstOrDefault(line => line.Number == number);

    public Form? FormOf(string id) => Forms.FirstOrDefault(form => form.Id == id);

    public StaffMember? StaffOf(string? id) => Staff.FirstOrDefault(member => member.Id == id);
}

/// <summary>The trade, where it changes a rule: healthcare is the strictest.</summary>
public enum Profile
{
    General,
    Roofing,
    Dental,
    MedSpa,
}

/// <summary>A phone line of the business: the number customers call and text.</summary>
public sealed record Line
{
    public required PhoneNumber Number { get; init; }

    public required string Label { get; init; }

    /// <summary>Staff id of the owner of this line's leads; null falls back to the business default.</summary>
    public string? Owner { get; init; }

    public LineMode Mode { get; init; } = LineMode.Ring;

    /// <summary>The phone that rings in <see cref="LineMode.Ring"/>.</summary>
    public PhoneNumber? RingTo { get; init; }

    /// <summary>How long it rings, 5 to 60 seconds.</summary>
    public int RingSeconds { get; init; } = 20;

    public bool Voicemail { get; init; } = true;

    /// <summary>Outside business hours callers go straight to voicemail.</summary>
    public bool RingAfterHours { get; init; } = true;

    /// <summary>Shortest bridged call that counts as answered, seconds; 0 takes every bridged call.</summary>
    public int MinAnsweredSeconds { get; init; }
}

public enum LineMode
{
    /// <summary>Our voice webhook rings the configured phone.</summary>
    Ring,

    /// <summary>
    /// The owner's carrier forwards unanswered calls to this number: every call is missed by definition.
    /// </summary>
    ForwardedWhenUnanswered,

    /// <summary>Another system answers; only its call status callbacks reach us.</summary>
    StatusOnly,
}

/// <summary>A web form and how its posts are authenticated and read.</summary>
public sealed record Form
{
    /// <summary>The last segment of its webhook path, unique in the whole service.</summary>
    public required string Id { get; init; }

    public required string Label { get; init; }

    public string Version { get; init; } = "1";

    public FormKind Kind { get; init; } = FormKind.Generic;

    public required FormAuthentication Authentication { get; init; }

    /// <summary>
    /// Our field name to the payload's path, such as <c>phone</c> to <c>data.Phone</c>; a list is joined by a space.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Fields { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Our field names that must be filled beyond one reachable contact point.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Payload path of the provider's submission id; absent means a content hash stands in.</summary>
    public string? SubmissionIdPath { get; init; }

    /// <summary>Payload path of the trap field; filled by a bot, empty from a person.</summary>
    public string? HoneypotPath { get; init; }

    public FormConsent? Consent { get; init; }

    /// <summary>Origins allowed to post from a browser, such as https://www.example.com; empty allows none.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Keep IP address and user agent as evidence (NRM-09).</summary>
    public bool CaptureNetworkEvidence { get; init; }

    /// <summary>Staff id of the owner of this form's leads.</summary>
    public string? Owner { get; init; }

    public bool TestMode { get; init; }
}

public enum FormKind
{
    /// <summary>Flat or nested JSON, form-encoded or multipart fields, mapped by path.</summary>
    Generic,

    /// <summary>Typeform: typed answers, mapped by the field's ref.</summary>
    Typeform,
}

/// <summary>What the form's consent checkbox said, word for word, and what it covers.</summary>
public sealed record FormConsent
{
    /// <summary>The label beside the checkbox as the visitor reads it.</summary>
    public required string Text { get; init; }

    /// <summary>Payload path of the checkbox.</summary>
    public required string CheckboxPath { get; init; }

    /// <summary>
    /// Purposes the text covers: transactional_reply, service_followup, marketing, review_request, email, call.
    /// </summary>
    public required IReadOnlyList<string> Purposes { get; init; }

    /// <summary>The form draws the box already ticked, so a tick proves nothing.</summary>
    public bool PreChecked { get; init; }

    /// <summary>Version or address of the privacy policy shown, hashed into the evidence.</summary>
    public string? PrivacyPolicy { get; init; }
}

/// <summary>How a form's post proves where it comes from.</summary>
public sealed record FormAuthentication
{
    public required FormScheme Scheme { get; init; }

    public Secret? Secret { get; init; }

    /// <summary>The former secret while a rotation lasts; accepted too.</summary>
    public Secret? PreviousSecret { get; init; }

    /// <summary>Header that carries the signature or the shared secret.</summary>
    public string? Header { get; init; }

    /// <summary>
    /// Shape of a header that holds more than the signature, such as <c>t={timestamp},v1={signature}</c> or
    /// <c>hmac;1;{timestamp};{signature}</c>; its comma-separated parts may come in any order and repeat. Null stands
    /// for the prefix and the signature.
    /// </summary>
    public string? HeaderFormat { get; init; }

    /// <summary>Text before the signature, such as <c>sha256=</c>.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>sha1 or sha256.</summary>
    public string Algorithm { get; init; } = "sha256";

    /// <summary>hex or base64.</summary>
    public string Encoding { get; init; } = "hex";

    /// <summary>How the secret's text becomes the key: text (UTF-8) or base64.</summary>
    public string SecretEncoding { get; init; } = "text";

    /// <summary>What is signed, over <c>{body}</c>, <c>{timestamp}</c> and <c>{id}</c>.</summary>
    public string Signed { get; init; } = "{body}";

    public string? TimestampHeader { get; init; }

    /// <summary>Header that gives <c>{id}</c>.</summary>
    public string? IdHeader { get; init; }

    /// <summary>s or ms.</summary>
    public string TimestampUnit { get; init; } = "s";

    /// <summary>How far the signed timestamp may lie from now, seconds.</summary>
    public int ToleranceSeconds { get; init; } = 300;
}

public enum FormScheme
{
    /// <summary>Standard Webhooks 1.0 headers.</summary>
    StandardWebhooks,

    /// <summary>An HMAC in a header, described by the other fields.</summary>
    Hmac,

    /// <summary>A fixed secret in a header, or in the query as <c>key</c>.</summary>
    SharedSecret,

    /// <summary>A browser posts directly: the Origin header must be allowed, and limits apply.</summary>
    BrowserOrigin,
}

public sealed record StaffMember
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public PhoneNumber? Phone { get; init; }

    public string? Email { get; init; }

    public bool AlertBySms { get; init; } = true;

    public bool AlertByEmail { get; init; }
}

/// <summary>When lead-facing texts may be sent, in the recipient's local time (C-10).</summary>
public sealed record SendingRules
{
    public SendingWindow Acknowledgement { get; init; } = SendingWindow.Acknowledgement;

    public SendingWindow FollowUp { get; init; } = SendingWindow.FollowUp;

    /// <summary>The follow-up switch (CON-07).</summary>
    public bool FollowUpEnabled { get; init; } = true;

    /// <summary>The billing gate (CON-07): closed stops texts, never intake, e-mail alerts or STOP (C-33).</summary>
    public bool BillingActive { get; init; } = true;

    /// <summary>Conversations that may be started in a calendar month of the business; null has no limit.</summary>
    public int? ConversationQuota { get; init; }

    /// <summary>Countries that may be texted, by region code.</summary>
    public IReadOnlyList<string> AllowedRegions { get; init; } = ["US", "CA"];

    /// <summary>What texts to leads do while a CRM is away (C-05). People are told at once in either case.</summary>
    public CrmDownPolicy WhenCrmIsDown { get; init; } = CrmDownPolicy.Hold;
}

public enum CrmDownPolicy
{
    /// <summary>Automated texts wait until the CRM is back; what is too late then is not sent.</summary>
    Hold,

    /// <summary>The one permitted acknowledgement goes on.</summary>
    AckOnly,
}

public sealed record AcknowledgementRules
{
    /// <summary>No second text to a number inside this window (C-11).</summary>
    public Duration RepeatWindow { get; init; } = Duration.FromHours(4);

    /// <summary>Beyond this the text is no longer true (C-22), counted in permitted time.</summary>
    public Duration StaleAfter { get; init; } = Duration.FromMinutes(15);

    /// <summary>Unanswered calls that rang for less are taken for hang-ups (ING-08), 0 to 60 seconds.</summary>
    public int MinRingSeconds { get; init; } = 10;

    public string MissedCallTemplate { get; init; } = "ack-default";

    public string FormTemplate { get; init; } = "ack-form";

    public string PriorCustomerTemplate { get; init; } = "ack-prior-customer";

    /// <summary>Target and limit of the acknowledgement after the first permitted instant (ACK-01, C-16).</summary>
    public Duration CallTarget { get; init; } = Duration.FromSeconds(60);

    public Duration FormTarget { get; init; } = Duration.FromSeconds(60);

    public Duration FormLimit { get; init; } = Duration.FromSeconds(300);
}

/// <summary>How recent a lead must be for a new inquiry to join it (MRG-04).</summary>
public sealed record MatchRules
{
    public string Version { get; init; } = "1";

    public Duration OpenFor { get; init; } = Duration.FromDays(90);

    public Duration ClosedFor { get; init; } = Duration.FromDays(30);
}

public sealed record TaskRules
{
    /// <summary>Time to the callback's deadline, inside business hours (TSK-02).</summary>
    public Duration DueIn { get; init; } = Duration.FromMinutes(30);

    /// <summary>The one escalation ladder (C-17), in business time after the task opened.</summary>
    public IReadOnlyList<Rung> Ladder { get; init; } =
    [
        new("owner_again", Duration.FromMinutes(15), RungAudience.Owner, OnlyUnclaimed: true),
        new("team", Duration.FromMinutes(30), RungAudience.Team, OnlyUnclaimed: true),
        new("human_queue", Duration.FromHours(2), RungAudience.HumanQueue, OnlyUnclaimed: false),
        new("business_owner", Duration.FromHours(24), RungAudience.BusinessOwner, OnlyUnclaimed: false),
    ];

    /// <summary>
    /// Where team alerts go: a channel webhook address, posted as JSON. By reference, since whoever knows the address
    /// can post there (SEC-06).
    /// </summary>
    public Secret? TeamChannelUrl { get; init; }

    /// <summary>Staff id of the owner of the business, for the last rung.</summary>
    public string? BusinessOwner { get; init; }
}

/// <summary>One step of the ladder.</summary>
/// <param name="Name">Stable name in events, such as <c>team</c>.</param>
/// <param name="After">Time after the task opened.</param>
/// <param name="Audience">Who is told.</param>
/// <param name="OnlyUnclaimed">Skipped once somebody has claimed the task.</param>
public sealed record Rung(string Name, Duration After, RungAudience Audience, bool OnlyUnclaimed);

public enum RungAudience
{
    Owner,
    Team,
    HumanQueue,
    BusinessOwner,
}

public sealed record SpamRules
{
    public string ListName { get; init; } = "own";

    public string ListVersion { get; init; } = "1";

    public IReadOnlyList<PhoneNumber> Numbers { get; init; } = [];

    /// <summary>Provider call scores above this withhold the text (ING-10), 0 to 100.</summary>
    public int ScoreThreshold { get; init; } = 80;
}

/// <summary>Limits before ingestion (ING-40), per form or GHL webhook.</summary>
public sealed record IntakeLimits
{
    public int RequestsPerMinutePerIp { get; init; } = 60;

    public int RequestsPerMinutePerForm { get; init; } = 600;
}

/// <summary>A business's own Twilio account; absent uses TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.</summary>
public sealed record TwilioAccount
{
    public required string AccountSid { get; init; }

    public required Secret AuthToken { get; init; }

    public Secret? PreviousAuthToken { get; init; }
}

/// <summary>A webhook that receives every lead change, signed as Standard Webhooks; our CRM mirror.</summary>
public sealed record CrmTarget
{
    public required string Name { get; init; }

    public required Uri Url { get; init; }

    public required Secret SigningSecret { get; init; }
}

/// <summary>
/// A secret by reference: an environment variable or a file. The value itself never stands in the file.
/// </summary>
/// <param name="Env">Name of the environment variable.</param>
/// <param name="File">Absolute path of the file; its content without surrounding white space.</param>
public sealed record Secret(string? Env, string? File)
{
    /// <summary>The value; null where the variable or file is missing, empty or unreadable.</summary>
    public string? Reveal()
    {
        var value = Env is not null ? Environment.GetEnvironmentVariable(Env) : Content();
        return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    public override string ToString() => Env is not null ? $"env:{Env}" : $"file:{File}";

    private string? Content()
    {
        try
        {
            return File is null ? null : System.IO.File.ReadAllText(File);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
