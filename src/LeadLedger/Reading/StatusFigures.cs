using LeadLedger.EventStore.Outbox;
using NodaTime;

namespace LeadLedger.Reading;

/// <summary>What the alarms are judged by, as it was read at one instant.</summary>
public sealed record StatusFigures
{
    public required Instant Now { get; init; }

    public IReadOnlyList<WorkFigure> Work { get; init; } = [];

    public IReadOnlyList<HoldFigure> Holds { get; init; } = [];

    public long Quarantined { get; init; }

    public Instant? QuarantinedSince { get; init; }

    public long StuckLeads { get; init; }

    public Instant? StuckSince { get; init; }

    /// <summary>When the oldest transaction began that keeps the database from clearing away old rows.</summary>
    public Instant? OldestSnapshot { get; init; }

    /// <summary>How far this machine's clock is ahead of the database's; null before the first comparison.</summary>
    public Duration? ClockAhead { get; init; }
}

/// <summary>One hold on what leaves.</summary>
public sealed record HoldFigure(string Business, string Scope, string Reason, Instant Since, string SetBy);
