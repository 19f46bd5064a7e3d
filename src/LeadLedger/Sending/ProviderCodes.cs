namespace LeadLedger.Sending;

/// <summary>Twilio's error codes that change what we know of a number (contracts 2.5).</summary>
public static class ProviderCodes
{
    /// <summary>The recipient has opted out at the provider.</summary>
    public const string OptedOut = "21610";

    /// <summary>The account's credentials are wrong.</summary>
    public const string BadCredentials = "20003";

    /// <summary>The account is suspended.</summary>
    public const string Suspended = "30002";

    /// <summary>Carriers filter the texts as unwanted.</summary>
    public const string Filtered = "30007";

    /// <summary>The number is not registered for texting in the USA.</summary>
    public const string Unregistered = "30034";

    /// <summary>The provider's protection against pumped traffic has closed.</summary>
    public const string PumpingProtection = "30450";

    /// <summary>Nothing more of this sender will leave until a person has put something right.</summary>
    public static bool StopsSending(string? code) =>
        code is BadCredentials or Suspended or Filtered or Unregistered or PumpingProtection;
}
