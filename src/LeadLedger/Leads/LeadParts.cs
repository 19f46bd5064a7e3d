using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LeadLedger.EventStore;
using NodaTime;

namespace LeadLedger.Leads;

/// <summary>What a stream of inquiries stands for.</summary>
[JsonConverter(typeof(SnakeCaseEnum<LeadKind>))]
public enum LeadKind
{
    /// <summary>A customer or prospect.</summary>
    Lead,

    /// <summary>A caller who withheld the number; never matched with anything.</summary>
    Unidentified,

    /// <summary>An inquiry on a number several leads share; a person picks whose it is.</summary>
    NumberLevel,

    /// <summary>Only an opt-out came from this number; absent from the work lists.</summary>
    ContactOnly,
}

/// <summary>One inquiry in short.</summary>
public sealed record Inquiry
{
    public required Guid Id { get; init; }

    /// <summary>missed_call, form or sms.</summary>
    public required string Kind { get; init; }

    public required string Source { get; init; }

    public required Instant At { get; init; }

    public string? Reason { get; init; }

    public int? RingSeconds { get; init; }

    public Voicemail? Voicemail { get; init; }

    public bool Answered { get; init; }

    public string? CallSid { get; init; }

    public string? Line { get; init; }

    public string? FormId { get; init; }

    public string? SubmissionId { get; init; }

    public static Inquiry Of(IInquiry inquiry) => inquiry switch
    {
        CallMissed e => new Inquiry
        {
            Id = e.Inquiry,
            Kind = "missed_call",
            Source = "missed call",
            At = e.OccurredAt,
            Reason = e.Reason,
            RingSeconds = e.RingSeconds,
            Voicemail = e.Voicemail,
            CallSid = e.CallSid,
            Line = e.Line,
        },
        FormSubmitted e => new Inquiry
        {
            Id = e.Inquiry,
            Kind = "form",
            Source = $"form {e.FormId}",
            At = e.OccurredAt,
            FormId = e.FormId,
            SubmissionId = e.SubmissionId,
        },
        SmsReceived e => new Inquiry { Id = e.Inquiry, Kind = "sms", Source = "sms", At = e.OccurredAt, Line = e.Line },
        _ => throw new System.Diagnostics.UnreachableException($"{inquiry.GetType().Name} is no inquiry"),
    };
}

/// <summary>The callback task of a lead: one owner or queue, one deadline.</summary>
public sealed record CallbackTask
{
    public required Guid Id { get; init; }

    public required string Kind { get; init; }

    public string? Owner { get; init; }

    public string? Queue { get; init; }

    public required Instant OpenedAt { get; init; }

    public required Instant DueAt { get; init; }

    public string? Number { get; init; }

    public Instant? CalledAt { get; init; }

    public required string Priority { get; init; }

    public string? Note { get; init; }

    public int InquiryCount { get; init; }

    public string? ClaimedBy { get; init; }

    public Instant? ClaimedAt { get; init; }

    /// <summary>The last rung of the ladder it has climbed.</summary>
    public string? Rung { get; init; }

    public Instant? ClosedAt { get; init; }

    public string? ClosedBy { get; init; }

    public string? Outcome { get; init; }

    public ImmutableArray<Guid> Candidates { get; init; } = [];
}

/// <summary>A text to the lead and how far it got.</summary>
public sealed record Message
{
    public required Guid Id { get; init; }

    public required Guid Inquiry { get; init; }

    public required string Purpose { get; init; }

    public required string To { get; init; }

    public required string Template { get; init; }

    public required Instant RequestedAt { get; init; }

    /// <summary>Start of its clock (C-02).</summary>
    public required Instant PermittedAt { get; init; }

    /// <summary>requested, ambiguous, unconfirmed, accepted, sent, delivered, failed or withheld.</summary>
    public required string State { get; init; }

    /// <summary>When it was first handed over; limits count it from there.</summary>
    public Instant? CalledAt { get; init; }

    public Instant? AcceptedAt { get; init; }

    public string? ProviderId { get; init; }

    public string? Code { get; init; }

    public int Attempts { get; init; }

    /// <summary>Recorded for trying out; nothing left the building.</summary>
    public bool RecordedOnly { get; init; }
}

/// <summary>
/// The order of a text's states: later callbacks never lower it. A report of failure outranks one of delivery, so that reports that
/// contradict each other end the same in every order, and on the side where a person calls.
/// </summary>
public static class MessageStates
{
    public static int Rank(string state) => state switch
    {
        "requested" => 0,
        "ambiguous" => 1,
        "unconfirmed" => 2,
        "accepted" => 3,
        "sent" => 4,
        "delivered" => 5,
        "failed" or "withheld" => 6,
        _ => 0,
    };
}

public sealed record DecisionNote(
    Guid Id, Guid Inquiry, string Purpose, string Outcome, IReadOnlyList<string> Codes, Instant? SendAfter);

public sealed record Alert(Guid Id, Guid Inquiry, string Kind, string Recipient, string State, Instant At);

public sealed record Suggestion(Guid Other, int Score, IReadOnlyList<string> Reasons);

/// <summary>What a decision is about.</summary>
public static class Purposes
{
    public const string Acknowledgement = "acknowledgement";
    public const string OwnerAlert = "owner_alert";
    public const string OptOutConfirmation = "opt_out_confirmation";
}

public static class MatchOutcomes
{
    public const string New = "new";
    public const string Attached = "attached";
    public const string PriorCustomer = "prior_customer";
    public const string SharedNumber = "shared_number";
    public const string NumberLevel = "number_level";
    public const string Withheld = "withheld";
}

/// <summary>How a callback can end; the outcome is required (TSK-10).</summary>
public static class TaskOutcomes
{
    public const string Spoke = "spoke";
    public const string Voicemail = "voicemail";
    public const string WrongNumber = "wrong_number";
    public const string EstimateScheduled = "estimate_scheduled";
    public const string NoInterest = "no_interest";

    public static IReadOnlyList<string> All { get; } = [Spoke, Voicemail, WrongNumber, EstimateScheduled, NoInterest];
}
