namespace LeadLedger.EventStore.Faults;

/// <summary>Defects that a fault test must be able to see; planted by name in builds of the configuration Faults.</summary>
public static class Defects
{
    public const string AckBeforeCommit = "ack-before-commit";
    public const string BlindReplayOnUnknown = "blind-replay-on-unknown";
    public const string UnsortedGateRows = "unsorted-gate-rows";
    public const string ProjectionOutsideTransaction = "projection-outside-transaction";
    public const string LeaseWithoutFence = "lease-without-fence";
    public const string ResendOnTimeout = "resend-on-timeout";
    public const string NoConsentRecheckAtMark = "no-consent-recheck-at-mark";
    public const string ValidityPastWindow = "validity-past-window";
    public const string CapsIgnored = "caps-ignored";
    public const string BreakerIgnored = "breaker-ignored";
    public const string HeldFlushedWithoutDecision = "held-flushed-without-decision";

    /// <summary>A status callback does not settle a text whose fate is unknown.</summary>
    public const string NoTokenSettlement = "no-token-settlement";

    /// <summary>A text that the provider does not list is sent again.</summary>
    public const string ResendIfAbsentFromList = "resend-if-absent-from-list";

    /// <summary>The sweep takes in what it lists without asking what is known already.</summary>
    public const string SweepWithoutDedupe = "sweep-without-dedupe";

    /// <summary>Kept webhooks are confirmed before they are on the disk; only a power cut shows it.</summary>
    public const string SpoolWithoutFsync = "spool-without-fsync";

    /// <summary>Texts leave while webhooks are still kept.</summary>
    public const string SpoolDrainSkipped = "spool-drain-skipped";

    /// <summary>A record of the spool is taken as it lies on the disk.</summary>
    public const string SpoolIgnoresChecksum = "spool-ignores-checksum";

    /// <summary>A delivery gets a key of its own each time, so a replay is not recognised.</summary>
    public const string NoInboxKey = "no-inbox-key";
    public const string ReleaseNotRequired = "release-not-required";
    public const string SafeStartSkipped = "safe-start-skipped";
}
