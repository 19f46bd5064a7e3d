using LeadLedger.Leads;

namespace LeadLedger.Sending;

// Facts about handing texts over and about work that a person took in hand.

/// <summary>
/// The mark: every gate was asked again, and from here the text may leave. It is recorded while the number's gate row is locked, so the
/// history itself shows that no text was begun after an opt-out.
/// </summary>
public sealed record SmsCalling : ILeadEvent
{
    public required Guid Message { get; init; }

    public required string To { get; init; }

    public required string Purpose { get; init; }

    /// <summary>Which claim of its work item marked it.</summary>
    public required long Attempt { get; init; }

    /// <summary>The provider may deliver it this many seconds from now and no later.</summary>
    public required int ValiditySeconds { get; init; }

    /// <summary>The counters that count it, beside that of its number; none when an earlier attempt of the same text was counted.</summary>
    public IReadOnlyList<string> Counters { get; init; } = [];
}

/// <summary>The provider reports that no text can arrive at this number; later decisions refuse on it.</summary>
public sealed record NumberUnreachable(string Kind, string Value, string Code, string Reason) : ILeadEvent;

/// <summary>A person put work back in the queue that had been given up.</summary>
/// <param name="Work">The work item.</param>
/// <param name="WorkKind">Its kind, such as mirror_lead.</param>
/// <param name="Was">The state it was in.</param>
/// <param name="By">Who.</param>
public sealed record WorkRetried(Guid Work, string WorkKind, string Was, string By) : ILeadEvent;

/// <summary>A person closed work that had been given up; it is not done any more.</summary>
/// <param name="Work">The work item.</param>
/// <param name="WorkKind">Its kind, such as send_sms.</param>
/// <param name="Was">The state it was in.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why.</param>
public sealed record WorkDiscarded(Guid Work, string WorkKind, string Was, string By, string Reason) : ILeadEvent;
