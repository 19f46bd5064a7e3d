namespace LeadLedger.Intake.Spool;

/// <summary>Where webhooks are kept while the database is away, and how much of them.</summary>
/// <param name="DataFolder">The spool is in its folder <c>spool</c>.</param>
/// <param name="KeyFile">Holds the key that seals the records.</param>
/// <param name="LimitBytes">Most bytes on the disk; beyond it senders are told to come back.</param>
public sealed record SpoolOptions(string DataFolder, string KeyFile, long LimitBytes)
{
    public const int DefaultLimitMegabytes = 256;

    /// <summary>
    /// A segment is deleted as a whole once all of it is in the database, and a process that died within one begins it again: a small one makes
    /// sure that even a service that keeps dying gets on.
    /// </summary>
    public int SegmentBytes { get; init; } = 256 * 1024;
}
