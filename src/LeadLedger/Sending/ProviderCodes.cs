namespace LeadLedger.Sending;

/// <summary>Twilio's error codes that change what we know of a number (contracts 2.5).</summary>
public static class ProviderCodes
{
    /// <summary>The recipient has opted out at the provider.</summary>
    public const string OptedOut = "21610";
}
