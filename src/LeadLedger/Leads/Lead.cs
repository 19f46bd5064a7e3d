using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;
using LeadLedger.EventStore;
using LeadLedger.Merging;
using LeadLedger.Reconciling;
using NodaTime;

namespace LeadLedger.Leads;

/// <summary>
/// A lead as folded from its facts; this is also the stored lead view, so view and fold cannot drift apart.
/// Lists are bounded: the state of a lead with a thousand inquiries is as small as that of a new one. The facts of an undone merge carry
/// a lead as well: a property that is added here must be able to be missing there.
/// </summary>
public sealed record Lead : IStreamState
{
    private const int Remembered = 10;
    private const int MostNotSame = 50;
    private const int MostMoved = 100;
    private const int LongestMessage = 500;

    public static Lead Empty { get; } = new();

    public Guid Id { get; init; }

    public string Business { get; init; } = "";

    public LeadKind Kind { get; init; }

    /// <summary>received, needs_callback, contacted, estimate_scheduled, no_interest, merged.</summary>
    public string Status { get; init; } = "received";

    public string? Head { get; init; }

    public long Version { get; init; }

    public Instant OpenedAt { get; init; }

    public Instant LastInquiryAt { get; init; }

    public Instant UpdatedAt { get; init; }

    /// <summary>When its last task was closed with an outcome; a new inquiry opens it again.</summary>
    public Instant? ClosedAt { get; init; }

    public string? Name { get; init; }

    /// <summary>Version of the event that gave the name.</summary>
    public long? NameFrom { get; init; }

    public string? Company { get; init; }

    public string? Role { get; init; }

    public string? Phone { get; init; }

    public string? PhoneExtension { get; init; }

    public string? Email { get; init; }

    /// <summary>Every phone and mailbox of this lead, comparison form.</summary>
    public ImmutableArray<ContactRef> ContactPoints { get; init; } = [];

    public string? Message { get; init; }

    public string? Service { get; init; }

    public string? WidgetId { get; init; }

    public string? SourceUrl { get; init; }

    /// <summary>The consent text its last form showed.</summary>
    public string? ConsentText { get; init; }

    /// <summary>Source of the first inquiry, such as <c>missed call</c>; never changes.</summary>
    public string Source { get; init; } = "";

    /// <summary>Every source so far with its number of inquiries.</summary>
    public ImmutableSortedDictionary<string, int> Sources { get; init; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    public Attribution? FirstTouch { get; init; }

    public Attribution? LastTouch { get; init; }

    public string? Line { get; init; }

    public int InquiryCount { get; init; }

    /// <summary>The latest inquiries, newest first.</summary>
    public ImmutableArray<Inquiry> Inquiries { get; init; } = [];

    public string? Owner { get; init; }

    public string? Queue { get; init; }

    public string? RoutingReason { get; init; }

    /// <summary>The open task, or the last one.</summary>
    public CallbackTask? Task { get; init; }

    /// <summary>The owner's alert text was accepted by the provider (OWN-04).</summary>
    public bool SmsSent { get; init; }

    /// <summary>When the acknowledgement was accepted by the provider; a failed one does not count.</summary>
    public Instant? AcknowledgedAt { get; init; }

    /// <summary>The latest texts to the lead, newest first.</summary>
    public ImmutableArray<Message> Messages { get; init; } = [];

    /// <summary>The latest decisions, newest first.</summary>
    public ImmutableArray<DecisionNote> Decisions { get; init; } = [];

    public ImmutableArray<Alert> Alerts { get; init; } = [];

    public bool OptedOut { get; init; }

    public bool OptOutHeld { get; init; }

    public ImmutableArray<string> UrgentWords { get; init; } = [];

    /// <summary>Leads that use one of the same contact points.</summary>
    public ImmutableArray<Guid> SharesWith { get; init; } = [];

    public ImmutableArray<Suggestion> MergeSuggestions { get; init; } = [];

    /// <summary>Leads that a person said are somebody else, latest first: the pair is not suggested again. Missing in older views.</summary>
    public ImmutableArray<Guid>? NotSameAs { get; init; }

    public Guid? MergedInto { get; init; }

    public ImmutableArray<Guid> Absorbed { get; init; } = [];

    /// <summary>Inquiries, texts and alerts that went to another lead when a merge was undone, by id, with the lead that has them now.</summary>
    public ImmutableSortedDictionary<string, Guid>? Moved { get; init; }

    public Guid? PriorLead { get; init; }

    public ImmutableSortedDictionary<string, string> ExternalIds { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Highest version each CRM target has received.</summary>
    public ImmutableSortedDictionary<string, long> CrmVersions { get; init; } =
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    public bool SuspectedHangup { get; init; }

    public bool TestMode { get; init; }

    [JsonIgnore]
    public bool Exists => Version > 0;

    [JsonIgnore]
    public bool HasOpenTask => Task is { ClosedAt: null };

    [JsonIgnore]
    public bool IsOpen => MergedInto is null && ClosedAt is null;

    public bool HasContactPoint(string kind, string value) => ContactPoints.Contains(new ContactRef(kind, value));

    public static Lead Apply(Lead lead, RecordedEvent recorded)
    {
        var at = recorded.Timestamp;
        var next = (ILeadEvent)recorded.Data switch
        {
            CallMissed e => Touch(lead, recorded, e, e.Withheld ? LeadKind.Unidentified : LeadKind.Lead) with
            {
                Phone = lead.Phone ?? e.Caller,
                Name = lead.Name ?? e.CallerName,
                NameFrom = lead.NameFrom ?? (e.CallerName is null ? null : recorded.Version),
                Line = e.Line ?? lead.Line,
                TestMode = e.TestMode,
            },
            CallOutcomeRevised e => lead with { Inquiries = Revise(lead.Inquiries, e) },
            FormSubmitted e => Touch(lead, recorded, e, LeadKind.Lead) with
            {
                Name = e.Name ?? lead.Name,
                NameFrom = e.Name is null ? lead.NameFrom : recorded.Version,
                Company = e.Company ?? lead.Company,
                Role = e.Role ?? lead.Role,
                Phone = lead.Phone ?? e.Phone ?? e.PhoneRaw,
                PhoneExtension = lead.PhoneExtension ?? e.PhoneExtension,
                Email = lead.Email ?? e.Email,
                Message = Shorten(e.Message) ?? lead.Message,
                Service = e.Service ?? lead.Service,
                WidgetId = e.WidgetId ?? lead.WidgetId,
                SourceUrl = e.Attribution.SourceUrl ?? lead.SourceUrl,
                ConsentText = e.Consent?.Text ?? lead.ConsentText,
                FirstTouch = lead.FirstTouch ?? e.Attribution,
                LastTouch = e.Attribution,
                TestMode = e.TestMode,
            },
            SmsReceived e => Touch(lead, recorded, e, e.AsksForAttention ? LeadKind.Lead : LeadKind.ContactOnly) with
            {
                Phone = lead.Phone ?? e.From,
                Message = e.AsksForAttention ? Shorten(e.Body) ?? lead.Message : lead.Message,
                Line = e.Line ?? lead.Line,
                TestMode = e.TestMode,
            },
            DecisionMade e => lead with
            {
                Decisions = Remember(lead.Decisions, new DecisionNote(e.Decision, e.Inquiry, e.Purpose, e.Outcome, e.Codes, e.SendAfter)),
                SuspectedHangup = e.Purpose == Purposes.Acknowledgement
                    ? e.Codes.Contains(ReasonCodes.SuspectedHangup)
                    : lead.SuspectedHangup,
            },
            LeadRouted e => lead with { Owner = e.Owner, Queue = e.Queue, RoutingReason = e.RoutingReason },
            TaskOpened e => lead with
            {
                Status = "needs_callback",
                ClosedAt = null,
                Task = new CallbackTask
                {
                    Id = e.Task,
                    Kind = e.TaskKind,
                    Owner = e.Owner,
                    Queue = e.Queue,
                    OpenedAt = at,
                    DueAt = e.DueAt,
                    Number = e.Number,
                    CalledAt = e.CalledAt,
                    Priority = e.Priority,
                    Note = e.Note,
                    InquiryCount = 1,
                    Candidates = [.. e.Candidates],
                },
            },
            TaskRefreshed e => lead with
            {
                Task = lead.Task! with { InquiryCount = e.Count, Priority = e.Priority, Note = e.Note ?? lead.Task.Note },
            },
            TaskClaimed e => lead with
            {
                Owner = e.By,
                Queue = null,
                Task = lead.Task! with { Owner = e.By, Queue = null, ClaimedBy = e.By, ClaimedAt = at },
            },
            TaskReassigned e => lead with
            {
                Owner = e.Owner,
                Queue = null,
                Task = lead.Task! with { Owner = e.Owner, Queue = null, ClaimedBy = null, ClaimedAt = null },
            },
            TaskCompleted e => lead with
            {
                Status = StatusAfter(e.Outcome),
                ClosedAt = at,
                Task = lead.Task! with { ClosedAt = at, Outcome = e.Outcome, ClosedBy = e.By },
            },
            TaskCancelled e => lead with
            {
                Status = "received",
                Task = lead.Task! with { ClosedAt = at, Outcome = "cancelled", ClosedBy = e.By },
            },
            TaskEscalated e => lead with
            {
                Task = lead.Task! with { Rung = e.Rung, Queue = e.Audience == "human_queue" ? "human" : lead.Task.Queue },
                Queue = e.Audience == "human_queue" ? "human" : lead.Queue,
            },
            UrgentReviewRequested e => lead with { UrgentWords = [.. lead.UrgentWords.Union(e.Words)] },
            SmsRequested e => lead with
            {
                Messages = Remember(lead.Messages, new Message
                {
                    Id = e.Message,
                    Inquiry = e.Inquiry,
                    Purpose = e.Purpose,
                    To = e.To,
                    RequestedAt = at,
                    PermittedAt = e.PermittedAt,
                    State = "requested",
                    Template = e.Template,
                }),
            },
            Sending.SmsCalling e => WithMessage(lead, e.Message, m => m with { CalledAt = m.CalledAt ?? at }),
            Sending.NumberUnreachable or Sending.WorkRetried or Sending.WorkDiscarded => lead,
            SmsAccepted e => WithMessage(lead, e.Message, m => m with
            {
                State = Further(m, "accepted"),
                AcceptedAt = at,
                ProviderId = e.ProviderId,
                RecordedOnly = e.RecordedOnly,
            }) is var accepted && IsAcknowledgement(lead, e.Message)
                ? accepted with { AcknowledgedAt = at }
                : accepted,
            SmsSent e => WithMessage(lead, e.Message, m => m with { State = Further(m, "sent") }),
            SmsDelivered e => WithMessage(lead, e.Message, m => m with { State = Further(m, "delivered") }),
            SmsFailed e => WithMessage(lead, e.Message, m => m with { State = Further(m, "failed"), Code = e.Code ?? m.Code })
                is var failed && IsAcknowledgement(lead, e.Message)
                ? failed with { AcknowledgedAt = null }
                : failed,
            SmsAttemptFailed e => WithMessage(lead, e.Message, m => m with { Attempts = e.Attempt }),
            SmsWithheld e => WithMessage(lead, e.Message, m => m with { State = "withheld", Code = e.Codes.Count > 0 ? e.Codes[0] : null }),
            SmsOutcomeUnknown e => WithMessage(lead, e.Message, m => m with { State = Further(m, "ambiguous") }),
            SmsSettled => lead,
            SmsUnconfirmed e => WithMessage(lead, e.Message, m => m with { State = Further(m, "unconfirmed") }),
            AckSlaBreached => lead,
            OwnerAlertRequested e => lead with
            {
                Alerts = Remember(lead.Alerts, new Alert(e.Alert, e.Inquiry, e.AlertKind, e.Recipient, "requested", at)),
            },
            OwnerAlertSent e => lead with
            {
                SmsSent = lead.SmsSent || e.Channel == "sms",
                Alerts = [.. lead.Alerts.Select(a => a.Id == e.Alert ? a with { State = "sent" } : a)],
            },
            OwnerAlertFailed e => lead with
            {
                Alerts = [.. lead.Alerts.Select(a => a.Id == e.Alert && a.State != "sent" ? a with { State = "failed" } : a)],
            },
            Leads.OptedOut => lead with { OptedOut = true, OptOutHeld = false },
            OptedIn => lead with { OptedOut = false, OptOutHeld = false },
            OptOutPhraseHeld => lead with { OptOutHeld = true },
            OptOutPhraseResolved e => lead with { OptOutHeld = false, OptedOut = lead.OptedOut || e.OptOut },
            ConsentRecorded => lead,
            CorrectionOffered => lead,
            SharesContactPoint e => lead with { SharesWith = [.. lead.SharesWith.Union(e.Leads).Where(id => id != lead.Id).Take(Remembered)] },
            MergeSuggested e => lead.MergeSuggestions.Any(s => s.Other == e.Other)
                ? lead
                : lead with { MergeSuggestions = Remember(lead.MergeSuggestions, new Suggestion(e.Other, e.Score, e.Reasons)) },
            MergeSuggestionRejected e => lead with
            {
                MergeSuggestions = [.. lead.MergeSuggestions.Where(s => s.Other != e.Other)],
                NotSameAs = WithNotSame(lead, e.Other),
            },
            LeadAbsorbed e => lead with
            {
                Absorbed = lead.Absorbed.Add(e.Other),
                Name = lead.Name ?? e.Name,
                ContactPoints = [.. lead.ContactPoints.Union(e.ContactPoints)],
                OpenedAt = Instant.Min(lead.OpenedAt, e.OtherOpenedAt),
                FirstTouch = e.OtherOpenedAt < lead.OpenedAt ? e.OtherFirstTouch ?? lead.FirstTouch : lead.FirstTouch,
                Source = e.OtherOpenedAt < lead.OpenedAt ? e.OtherSource ?? lead.Source : lead.Source,
                InquiryCount = lead.InquiryCount + e.OtherInquiries,
                MergeSuggestions = [.. lead.MergeSuggestions.Where(s => s.Other != e.Other)],
            },
            LeadMergedInto e => lead with { Status = "merged", MergedInto = e.Survivor },
            LeadSeparated e => OnStream(lead, e.Becomes) with { Moved = WithMoved(lead, e) },
            LeadRestored e => OnStream(lead, e.Becomes),
            ContactRecordOpened e => lead with
            {
                Id = recorded.Stream.Id,
                Business = recorded.Stream.Tenant,
                Kind = LeadKind.ContactOnly,
                OpenedAt = at,
                LastInquiryAt = at,
                ContactPoints = [new ContactRef(e.Kind, e.Value)],
                Phone = e.Kind == Contacting.ContactPoint.Phone ? e.Value : null,
                Email = e.Kind == Contacting.ContactPoint.Email ? e.Value : null,
            },
            NoteAdded => lead,
            CrmMirrored e => lead with
            {
                CrmVersions = lead.CrmVersions.SetItem(e.Target, Math.Max(e.LeadVersion, lead.CrmVersions.GetValueOrDefault(e.Target))),
                ExternalIds = e.ExternalId is null ? lead.ExternalIds : lead.ExternalIds.SetItem(e.Target, e.ExternalId),
            },
            CrmMirrorFailed => lead,
            _ => throw new UnreachableException($"{recorded.Type} is no fact of a lead"),
        };
        return next with { Head = recorded.Hash, Version = recorded.Version, UpdatedAt = at };
    }

    // What every inquiry changes: it opens the lead when there is none, and reopens it when it was closed.
    private static Lead Touch(Lead lead, RecordedEvent recorded, IInquiry inquiry, LeadKind kind)
    {
        var summary = Leads.Inquiry.Of(inquiry);
        var points = lead.ContactPoints;
        foreach (var point in Contacting.ContactPoints.Of(inquiry))
        {
            points = points.Contains(point) ? points : points.Add(point);
        }

        return lead with
        {
            Id = recorded.Stream.Id,
            Business = recorded.Stream.Tenant,
            Kind = KindAfter(lead, inquiry, kind),
            OpenedAt = lead.Exists ? lead.OpenedAt : summary.At,
            LastInquiryAt = recorded.Timestamp,
            ContactPoints = points,
            Source = lead.Exists && lead.Source.Length > 0 ? lead.Source : summary.Source,
            Sources = lead.Sources.SetItem(summary.Source, lead.Sources.GetValueOrDefault(summary.Source) + 1),
            InquiryCount = lead.InquiryCount + 1,
            Inquiries = Remember(lead.Inquiries, summary),
            PriorLead = lead.PriorLead ?? (inquiry.Match.Outcome == MatchOutcomes.PriorCustomer && inquiry.Match.Others.Count > 0
                ? inquiry.Match.Others[0]
                : null),
        };
    }

    private static LeadKind KindAfter(Lead lead, IInquiry inquiry, LeadKind kind)
    {
        if (!lead.Exists)
        {
            return inquiry.Match.Outcome == MatchOutcomes.NumberLevel ? LeadKind.NumberLevel : kind;
        }

        return lead.Kind == LeadKind.ContactOnly ? kind : lead.Kind;
    }

    // What a fact carries, with what belongs to the stream and not to the fold of the person: what other systems have, and what has moved.
    private static Lead OnStream(Lead lead, Lead becomes) =>
        becomes with { CrmVersions = lead.CrmVersions, ExternalIds = lead.ExternalIds, Moved = lead.Moved };

    // Ids are ordered by time, so the latest are kept: of older ones nothing more is heard.
    private static ImmutableSortedDictionary<string, Guid>? WithMoved(Lead lead, LeadSeparated e)
    {
        var moved = (lead.Moved ?? ImmutableSortedDictionary.Create<string, Guid>(StringComparer.Ordinal))
            .SetItems(e.Moved.Select(id => KeyValuePair.Create(id.ToString(), e.Other)));
        return moved.IsEmpty ? null : moved.RemoveRange(moved.Keys.Take(Math.Max(0, moved.Count - MostMoved)));
    }

    private static ImmutableArray<Inquiry> Revise(ImmutableArray<Inquiry> inquiries, CallOutcomeRevised e) =>
        [.. inquiries.Select(i => i.Id == e.Inquiry
            ? i with { Reason = e.Reason, RingSeconds = e.RingSeconds ?? i.RingSeconds, Voicemail = e.Voicemail ?? i.Voicemail, Answered = e.Outcome == "answered" }
            : i)];

    private static Lead WithMessage(Lead lead, Guid id, Func<Message, Message> change) =>
        lead with { Messages = [.. lead.Messages.Select(m => m.Id == id ? change(m) : m)] };

    private static ImmutableArray<Guid> WithNotSame(Lead lead, Guid other)
    {
        var known = lead.NotSameAs ?? ImmutableArray<Guid>.Empty;
        return [other, .. known.Where(id => id != other).Take(MostNotSame - 1)];
    }

    private static bool IsAcknowledgement(Lead lead, Guid message) =>
        lead.Messages.Any(m => m.Id == message && m.Purpose == Purposes.Acknowledgement);

    // A late callback never takes a text back: an outcome stands, and a step that was passed is not returned to.
    private static string Further(Message message, string state) =>
        MessageStates.Rank(state) > MessageStates.Rank(message.State) ? state : message.State;

    private static ImmutableArray<T> Remember<T>(ImmutableArray<T> items, T item) =>
        items.Length < Remembered ? items.Insert(0, item) : items.RemoveAt(items.Length - 1).Insert(0, item);

    private static string StatusAfter(string outcome) => outcome switch
    {
        TaskOutcomes.EstimateScheduled => "estimate_scheduled",
        TaskOutcomes.NoInterest => "no_interest",
        _ => "contacted",
    };

    private static string? Shorten(string? text) =>
        text is { Length: > LongestMessage } ? text[..LongestMessage] : string.IsNullOrWhiteSpace(text) ? null : text;
}
