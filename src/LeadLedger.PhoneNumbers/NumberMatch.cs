namespace LeadLedger.PhoneNumbers;

/// <summary>How far two numbers are the same. Only an exact match may ever merge two leads.</summary>
public enum NumberMatch
{
    NotANumber,
    NoMatch,

    /// <summary>One national number is the end of the other, or an extension is known on one side only.</summary>
    ShortNsnMatch,

    /// <summary>The same national number, with the calling code missing on one side.</summary>
    NsnMatch,
    ExactMatch,
}
