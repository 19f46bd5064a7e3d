namespace LeadLedger.EventStore.Faults;

/// <summary>Defects that a fault test must be able to see; planted by name in builds of the configuration Faults.</summary>
public static class Defects
{
    public const string ResendOnTimeout = "resend-on-timeout";
    public const string NoConsentRecheckAtMark = "no-consent-recheck-at-mark";

    /// <summary>A status callback does not settle a text whose fate is unknown.</summary>
    public const string NoTokenSettlement = "no-token-settlement";

    /// <summary>A text that the provider does not list is sent again.</summary>
    public const string ResendIfAbsentFromList = "resend-if-absent-from-list";

    /// <summary>The sweep takes in what it lists without asking what is known already.</summary>
    public const string SweepWithoutDedupe = "sweep-without-dedupe";
}
