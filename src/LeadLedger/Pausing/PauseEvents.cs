using NodaTime;

namespace LeadLedger.Pausing;

// The facts of a business's operations: what paused, who or what paused it, and how it went on.

/// <summary>Marks a fact of the stream of a business's operations.</summary>
public interface IOperationsEvent;

/// <summary>What leaves under a scope waits from now on. Said again of the same pause when a person turns out to be needed.</summary>
public sealed record SendingPaused : IOperationsEvent
{
    public required Guid Pause { get; init; }

    /// <summary>What waits, such as <c>text</c>, <c>text:+13125550100</c> or <c>crm:jobs</c>.</summary>
    public required string Scope { get; init; }

    /// <summary>breaker, staff, or the scope whose own pause brought this one about.</summary>
    public required string Cause { get; init; }

    /// <summary>Why, in words for people.</summary>
    public required string Reason { get; init; }

    /// <summary>The provider's code, where it gave one.</summary>
    public string? Code { get; init; }

    public required string By { get; init; }

    /// <summary>It does not end by itself: somebody has to put something right and resume.</summary>
    public bool NeedsPerson { get; init; }

    /// <summary>Until the first probe, seconds; 0 where none is made.</summary>
    public int CoolingSeconds { get; init; }

    public Instant? TryAgainAt { get; init; }
}

/// <summary>One waiting work item may pass, to find out whether the way is clear.</summary>
public sealed record SendingProbeAllowed(Guid Pause, string Scope, Guid Work) : IOperationsEvent;

/// <summary>The probe failed; the rest goes on waiting, for longer.</summary>
public sealed record SendingProbeFailed(Guid Pause, string Scope, string Error, int CoolingSeconds, Instant TryAgainAt) : IOperationsEvent;

/// <summary>What waited under this pause is decided again, one after another.</summary>
public sealed record SendingResumed(Guid Pause, string Scope, string Cause, string Reason, string By) : IOperationsEvent;

/// <summary>Staff are to be told of a pause or of its end.</summary>
public sealed record OperationsAlertRequested : IOperationsEvent
{
    public required Guid Alert { get; init; }

    /// <summary>paused, needs_person or resumed.</summary>
    public required string AlertKind { get; init; }

    public required string Recipient { get; init; }

    public required IReadOnlyList<string> Channels { get; init; }

    public string? SmsTo { get; init; }

    public string? SmsFrom { get; init; }

    public string? EmailTo { get; init; }

    public required string Subject { get; init; }

    public required string Body { get; init; }
}

/// <summary>One channel of such an alert was accepted.</summary>
public sealed record OperationsAlertSent(Guid Alert, string Channel, string ProviderId) : IOperationsEvent;

/// <summary>One channel of such an alert did not take it.</summary>
public sealed record OperationsAlertFailed(Guid Alert, string Channel, string Error) : IOperationsEvent;
