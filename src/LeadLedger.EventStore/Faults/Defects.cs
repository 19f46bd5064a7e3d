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

    /// <summary>Receipts are kept and not asked for: a delivery that comes again is taken for a new one.</summary>
    public const string ForgottenReceipts = "forgotten-receipts";

    /// <summary>Work that falls due within the hour is claimed now.</summary>
    public const string FireEarly = "fire-early";

    /// <summary>A row whose worker was lost while it called is done again.</summary>
    public const string ResendAfterLease = "resend-after-lease";

    /// <summary>An unknown outcome is kept in the row and told to nobody.</summary>
    public const string UnconfirmedUntold = "unconfirmed-untold";

    /// <summary>An error of the provider's counts as a text that did not leave.</summary>
    public const string ResendOnServerError = "resend-on-server-error";

    /// <summary>A late callback takes a text back to a state that it has passed.</summary>
    public const string CallbacksGoBack = "callbacks-go-back";

    /// <summary>A worker that lost its row sends all the same.</summary>
    public const string SendWithoutMark = "send-without-mark";
}
