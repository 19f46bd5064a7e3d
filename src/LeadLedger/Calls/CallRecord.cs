using System.Collections.Immutable;
using System.Diagnostics;
using LeadLedger.EventStore;
using LeadLedger.Leads;
using LeadLedger.Reconciling;
using NodaTime;

namespace LeadLedger.Calls;

/// <summary>
/// A call as folded from what the provider reported. Every field only grows (a set, a minimum, a first value), so that
/// any order, duplication or delay of the callbacks ends in the same record.
/// </summary>
public sealed record CallRecord : IStreamState
{
    public static CallRecord Empty { get; } = new();

    public Guid Id { get; init; }

    public string Business { get; init; } = "";

    public string? Head { get; init; }

    public long Version { get; init; }

    public string CallSid { get; init; } = "";

    public string? From { get; init; }

    public string? To { get; init; }

    public string? CallerName { get; init; }

    public string? ForwardedFrom { get; init; }

    public int? SpamScore { get; init; }

    public string? Attestation { get; init; }

    /// <summary>How our voice webhook answered; null when it never saw the call.</summary>
    public string? Handling { get; init; }

    public bool AfterHours { get; init; }

    public bool StatusOnly { get; init; }

    public Instant? StartedAt { get; init; }

    public Instant? EndedAt { get; init; }

    /// <summary>Every status reported, canonical.</summary>
    public ImmutableSortedSet<string> Statuses { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Final statuses among them.</summary>
    public ImmutableSortedSet<string> FinalStatuses { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    public ImmutableSortedSet<string> DialStatuses { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    public ImmutableSortedSet<string> LegStatuses { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    public bool Bridged { get; init; }

    public int? DurationSeconds { get; init; }

    public Voicemail? Voicemail { get; init; }

    public bool WaitEnded { get; init; }

    /// <summary>What was last told to the lead: missed or answered.</summary>
    public string? Outcome { get; init; }

    public string? Reason { get; init; }

    public int? RingSeconds { get; init; }

    public Guid? Lead { get; init; }

    public Guid? Inquiry { get; init; }

    /// <summary>reconciliation when a list of the provider had to tell what a callback should have.</summary>
    public string? FoundBy { get; init; }

    public static CallRecord Apply(CallRecord call, RecordedEvent recorded)
    {
        var next = (ICallEvent)recorded.Data switch
        {
            CallRinging e => With(call, e.Parties) with
            {
                Handling = e.Handling,
                AfterHours = call.AfterHours || e.AfterHours,
                StartedAt = Earlier(call.StartedAt, e.OccurredAt),
            },
            CallStatusReported e => With(call, e.Parties) with
            {
                Statuses = call.Statuses.Add(e.Status),
                FinalStatuses = e.IsFinal ? call.FinalStatuses.Add(e.Status) : call.FinalStatuses,
                DurationSeconds = e.DurationSeconds ?? call.DurationSeconds,
                StartedAt = e.IsFinal ? call.StartedAt : Earlier(call.StartedAt, e.OccurredAt),
                EndedAt = e.IsFinal ? Earlier(call.EndedAt, e.OccurredAt) : call.EndedAt,
                StatusOnly = call.StatusOnly || e.StatusOnly,
                AfterHours = call.AfterHours || e.AfterHours,
            },
            DialReported e => With(call, e.Parties) with
            {
                DialStatuses = call.DialStatuses.Add(e.Status),
                Bridged = call.Bridged || IsBridged(e),
                EndedAt = IsBridged(e) ? call.EndedAt : Earlier(call.EndedAt, e.OccurredAt),
            },
            LegReported e => With(call, e.Parties) with { LegStatuses = call.LegStatuses.Add(e.Status) },
            VoicemailRecorded e => call with
            {
                CallSid = e.CallSid,
                Voicemail = e.Status == "absent" ? call.Voicemail : call.Voicemail ?? e.Voicemail,
            },
            CallWaitEnded e => call with { WaitEnded = true },
            CallSettled e => call with
            {
                Outcome = e.Outcome,
                Reason = e.Reason,
                RingSeconds = e.RingSeconds,
                Lead = e.Lead ?? call.Lead,
                Inquiry = e.Inquiry ?? call.Inquiry,
            },
            _ => throw new UnreachableException($"{recorded.Type} is no fact of a call"),
        };
        return next with
        {
            Id = recorded.Stream.Id,
            Business = recorded.Stream.Tenant,
            FoundBy = call.FoundBy ?? Reconciliation.FoundByOf(recorded.Actor),
            Head = recorded.Hash,
            Version = recorded.Version,
        };
    }

    private static bool IsBridged(DialReported e) =>
        (e.Bridged ?? e.Status is "completed" or "answered") && (e.DurationSeconds ?? int.MaxValue) >= e.MinAnsweredSeconds;

    private static CallRecord With(CallRecord call, CallParties parties) => call with
    {
        CallSid = parties.CallSid,
        From = call.From ?? parties.From,
        To = call.To ?? parties.To,
        CallerName = call.CallerName ?? parties.CallerName,
        ForwardedFrom = call.ForwardedFrom ?? parties.ForwardedFrom,
        SpamScore = call.SpamScore ?? parties.SpamScore,
        Attestation = call.Attestation ?? parties.Attestation,
    };

    private static Instant Earlier(Instant? known, Instant other) =>
        known is { } instant ? Instant.Min(instant, other) : other;
}
