namespace LeadLedger.EventStore.Faults;

/// <summary>Defects that a fault test must be able to see; planted by name in builds of the configuration Faults.</summary>
public static class Defects
{
    public const string ResendOnTimeout = "resend-on-timeout";
    public const string NoConsentRecheckAtMark = "no-consent-recheck-at-mark";
}
