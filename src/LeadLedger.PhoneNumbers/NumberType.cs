namespace LeadLedger.PhoneNumbers;

/// <summary>What kind of line a number is, as far as its numbering plan tells. Portability between networks is not seen.</summary>
public enum NumberType
{
    /// <summary>Matches no range of any plan of its calling code: not a valid number.</summary>
    Unknown,
    FixedLine,
    Mobile,

    /// <summary>The plan does not tell the two apart, as in North America.</summary>
    FixedLineOrMobile,
    TollFree,
    PremiumRate,
    SharedCost,
    Voip,
    PersonalNumber,
    Pager,

    /// <summary>Universal access number: one number for a company with many places.</summary>
    Uan,
    Voicemail,
}
