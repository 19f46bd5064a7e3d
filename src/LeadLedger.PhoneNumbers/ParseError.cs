namespace LeadLedger.PhoneNumbers;

/// <summary>Why a text could not be read as a phone number. The names are libphonenumber's.</summary>
public enum ParseError
{
    None,

    /// <summary>No digits, or signs between them that no phone number has.</summary>
    NotANumber,

    /// <summary>A plus with an unknown calling code, or a national form with an unknown region.</summary>
    InvalidCountryCode,

    /// <summary>An international prefix such as 011 with nothing, or next to nothing, after it.</summary>
    TooShortAfterIdd,

    /// <summary>Fewer than two digits of national number.</summary>
    TooShort,

    /// <summary>More than 250 characters of text or 17 digits of national number.</summary>
    TooLong,
}
