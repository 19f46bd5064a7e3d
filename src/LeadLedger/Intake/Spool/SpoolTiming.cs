namespace LeadLedger.Intake.Spool;

/// <summary>How patient intake is with its database, and nodes with each other.</summary>
public sealed record SpoolTiming
{
    public static SpoolTiming Default { get; } = new();

    /// <summary>How long a webhook waits for its commit before it is kept instead; the commit may still come, and is found by its receipt.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>
    /// How long a webhook waits for the disk to keep it; then its sender is told to come back, in time for those that give up after five seconds.
    /// It may be kept all the same, and what is sent again adds nothing.
    /// </summary>
    public TimeSpan DiskPatience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often a node reports how much it keeps.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Without a report for so long, a node may be cut off and keeping webhooks: texts wait for it.</summary>
    public TimeSpan Stale { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Without a report for so long, a node is taken for dead: texts no longer wait for it.</summary>
    public TimeSpan Dead { get; init; } = TimeSpan.FromSeconds(60);
}
