namespace LeadLedger.PhoneNumbers;

/// <summary>Whether a number has a length its calling code knows; says nothing of its ranges.</summary>
public enum Possibility
{
    IsPossible,

    /// <summary>Long enough to dial from next door only, as 555-0100 without its area code.</summary>
    IsPossibleLocalOnly,
    InvalidCountryCode,
    TooShort,

    /// <summary>Between two lengths the plan knows, and neither.</summary>
    InvalidLength,
    TooLong,
}
