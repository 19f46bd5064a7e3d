namespace LeadLedger.PhoneNumbers;

/// <summary>Why a caller id that was not withheld is still no number to call back.</summary>
public enum NotANumberReason
{
    /// <summary>client:somebody, the name of an app user.</summary>
    Client,

    /// <summary>sip:somebody@host</summary>
    Sip,

    /// <summary>A short code, or a number without its area code.</summary>
    Short,

    /// <summary>Has the length of a number, but lies in no range of its plan.</summary>
    NotInPlan,
    Unreadable,
}
