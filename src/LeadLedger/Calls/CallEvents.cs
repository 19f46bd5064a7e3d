using LeadLedger.Leads;
using NodaTime;

namespace LeadLedger.Calls;

// The facts of one call's stream: what the provider told us, one fact a callback, in whatever order they came.

/// <summary>Marks a fact of a call's stream.</summary>
public interface ICallEvent;

/// <summary>The caller and line of a call, as every callback repeats them.</summary>
public sealed record CallParties
{
    public required string CallSid { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    public string? CallerName { get; init; }

    public string? ForwardedFrom { get; init; }

    public int? SpamScore { get; init; }

    public string? Attestation { get; init; }
}

/// <summary>The provider asked what to do with an incoming call.</summary>
public sealed record CallRinging : ICallEvent
{
    public required CallParties Parties { get; init; }

    public required Instant OccurredAt { get; init; }

    /// <summary>What we answered: ring, voicemail or forwarded_voicemail.</summary>
    public required string Handling { get; init; }

    public bool AfterHours { get; init; }
}

/// <summary>A status of the call itself.</summary>
public sealed record CallStatusReported : ICallEvent
{
    public required CallParties Parties { get; init; }

    /// <summary>queued, ringing, in_progress, completed, busy, failed, no_answer, canceled, or the provider's own word.</summary>
    public required string Status { get; init; }

    public required bool IsFinal { get; init; }

    public int? DurationSeconds { get; init; }

    public required Instant OccurredAt { get; init; }

    /// <summary>Nothing of ours rings this line: the status alone tells.</summary>
    public bool StatusOnly { get; init; }

    public bool AfterHours { get; init; }
}

/// <summary>How ringing the configured phone ended.</summary>
public sealed record DialReported : ICallEvent
{
    public required CallParties Parties { get; init; }

    public required string Status { get; init; }

    public bool? Bridged { get; init; }

    public int? DurationSeconds { get; init; }

    public required Instant OccurredAt { get; init; }

    /// <summary>Shortest bridged call that counts as answered on this line, seconds.</summary>
    public int MinAnsweredSeconds { get; init; }
}

/// <summary>A status of the leg that rings the configured phone.</summary>
public sealed record LegReported : ICallEvent
{
    public required CallParties Parties { get; init; }

    public required string LegSid { get; init; }

    public required string Status { get; init; }

    public required Instant OccurredAt { get; init; }
}

public sealed record VoicemailRecorded : ICallEvent
{
    public required string CallSid { get; init; }

    public required Voicemail Voicemail { get; init; }

    public required string Status { get; init; }

    public required Instant OccurredAt { get; init; }
}

/// <summary>What the call came to, and the lead it went to when it was missed.</summary>
public sealed record CallSettled : ICallEvent
{
    /// <summary>missed or answered.</summary>
    public required string Outcome { get; init; }

    public required string Reason { get; init; }

    public int? RingSeconds { get; init; }

    public Guid? Lead { get; init; }

    public Guid? Inquiry { get; init; }
}

/// <summary>Nothing more came within the waiting time, so the call is judged on what is known.</summary>
public sealed record CallWaitEnded : ICallEvent
{
    public required string CallSid { get; init; }
}
