namespace LeadLedger.EventStore.Faults;

/// <summary>Defects that a fault test must be able to see; planted by name in builds of the configuration Faults.</summary>
public static class Defects
{
    public const string ResendOnTimeout = "resend-on-timeout";
    public const string NoConsentRecheckAtMark = "no-consent-recheck-at-mark";

    /// <summary>A webhook is answered before it is stored anywhere.</summary>
    public const string AckBeforeCommit = "ack-before-commit";

    /// <summary>Kept webhooks are confirmed before they are on the disk; only a power cut shows it.</summary>
    public const string SpoolWithoutFsync = "spool-without-fsync";

    /// <summary>Texts leave while webhooks are still kept.</summary>
    public const string SpoolDrainSkipped = "spool-drain-skipped";

    /// <summary>A record of the spool is taken as it lies on the disk.</summary>
    public const string SpoolIgnoresChecksum = "spool-ignores-checksum";

    /// <summary>A delivery gets a key of its own each time, so a replay is not recognised.</summary>
    public const string NoInboxKey = "no-inbox-key";
}
