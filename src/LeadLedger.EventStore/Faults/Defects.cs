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
}
