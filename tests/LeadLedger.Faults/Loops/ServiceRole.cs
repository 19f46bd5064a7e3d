namespace LeadLedger.Faults.Loops;

/// <summary>What a process of the service does in a loop; times are seconds.</summary>
public sealed record ServiceRole
{
    /// <summary>Whether it works due items, or only takes webhooks and commands.</summary>
    public bool Dispatches { get; init; }

    /// <summary>Whether its connections to PostgreSQL can be cut.</summary>
    public bool ThroughProxy { get; init; } = true;

    /// <summary>Out of the way, where pausing is not what is looked at.</summary>
    public int BreakerFailures { get; init; } = 1_000_000;

    /// <summary>Whether it notes the places it passes, so that webhooks that went into the spool can be counted.</summary>
    public bool CountsKept { get; init; }

    /// <summary>A part of the minutes between two looks for a text whose fate is unknown.</summary>
    public double SettleScale { get; init; } = 1;

    public double CallSeconds { get; init; } = 0.5;

    /// <summary>Longer than a call, so that a worker that lives is not taken for lost.</summary>
    public double LeaseSeconds { get; init; } = 1;

    public double RecoverySeconds { get; init; } = 0.25;
}
