namespace LeadLedger.PhoneNumbers;

/// <summary>The four ways to write a number. Only E.164 leaves the extension out.</summary>
public enum PhoneNumberFormat
{
    /// <summary>+12145550100</summary>
    E164,

    /// <summary>+1 214-555-0100 ext. 7</summary>
    International,

    /// <summary>(214) 555-0100 ext. 7</summary>
    National,

    /// <summary>tel:+1-214-555-0100;ext=7</summary>
    Rfc3966,
}
