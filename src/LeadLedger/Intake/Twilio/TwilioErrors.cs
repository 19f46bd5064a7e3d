using System.Collections.Frozen;

namespace LeadLedger.Intake;

/// <summary>What a provider's error means for the text, the number and the queue.</summary>
public enum TwilioErrorKind
{
    /// <summary>Not in the table and not told by the HTTP status: the text's fate is not known from this.</summary>
    Unknown,

    /// <summary>The customer has unsubscribed at the provider: write the opt-out.</summary>
    OptedOut,

    /// <summary>The number cannot receive texts: a landline or no number at all.</summary>
    NotTextable,

    /// <summary>The phone could not be reached this time.</summary>
    Unreachable,

    /// <summary>Blocked by the carrier or as spam: stop and look before sending more.</summary>
    Filtered,

    /// <summary>Our own set-up is wrong: the same request fails again.</summary>
    Config,

    /// <summary>The credentials are refused: stop the queue.</summary>
    Auth,

    /// <summary>Too many requests; this one was never processed.</summary>
    RateLimited,

    /// <summary>A passing fault of the provider or the carrier.</summary>
    Transient,

    /// <summary>
    /// The provider answered with a server error: the text may exist, so it is looked up before any repeat.
    /// </summary>
    Uncertain,
}

/// <summary>
/// Twilio's error codes as data, because the provider changes them. Sources: https://www.twilio.com/docs/api/errors,
/// read in 2026; 30001, 30002, 30004, 30005, 30008, 21612, 21614 and 21617 from public code.
/// </summary>
public static class TwilioErrors
{
    private static readonly FrozenDictionary<int, TwilioErrorMeaning> Table = new TwilioErrorMeaning[]
    {
        new(20003, TwilioErrorKind.Auth, false, "The account's credentials are refused.", StopsQueue: true),
        new(20404, TwilioErrorKind.Config, false, "The account or resource does not exist."),
        new(20429, TwilioErrorKind.RateLimited, true, "Too many requests at once; this one was not processed."),
        new(21211, TwilioErrorKind.NotTextable, false, "The recipient is not a valid phone number."),
        new(21408, TwilioErrorKind.Config, false, "The account may not text the recipient's country."),
        new(21603, TwilioErrorKind.Config, false, "The sending number is missing."),
        new(21606, TwilioErrorKind.Config, false, "The sending number cannot send texts."),
        new(21610, TwilioErrorKind.OptedOut, false, "The recipient has unsubscribed."),
        new(21612, TwilioErrorKind.NotTextable, false, "The recipient cannot be reached from this sending number."),
        new(21614, TwilioErrorKind.NotTextable, false, "The recipient is not a mobile number."),
        new(21617, TwilioErrorKind.Config, false, "The text is longer than 1,600 characters."),
        new(30001, TwilioErrorKind.Transient, true, "The provider's queue is full."),
        new(30002, TwilioErrorKind.Auth, false, "The account is suspended.", StopsQueue: true),
        new(30003, TwilioErrorKind.Unreachable, true, "The phone is off, out of reach or a landline."),
        new(30004, TwilioErrorKind.Filtered, false, "The recipient's carrier or phone blocks the text."),
        new(30005, TwilioErrorKind.NotTextable, false, "The number is unknown or not in service."),
        new(30006, TwilioErrorKind.NotTextable, false, "A landline, or a carrier that takes no texts."),
        new(30007, TwilioErrorKind.Filtered, false, "The carrier filtered the text as unwanted.", StopsQueue: true),
        new(30008, TwilioErrorKind.Transient, true, "The carrier gave no reason."),
        new(30034, TwilioErrorKind.Config, false, "The sending number is not registered for texts.", StopsQueue: true),
        new(30450, TwilioErrorKind.Filtered, false, "The provider's fraud protection blocked it.", StopsQueue: true),
    }.ToFrozenDictionary(error => error.Code);

    public static IReadOnlyCollection<TwilioErrorMeaning> All => Table.Values;

    /// <summary>
    /// The meaning of a code from a delivery callback or an error answer; unknown codes are never retried.
    /// </summary>
    public static TwilioErrorMeaning Of(int code) =>
        Table.TryGetValue(code, out var meaning)
            ? meaning
            : new(code, TwilioErrorKind.Unknown, false, "The provider reports an error that is not in our table.");
}

/// <param name="Retryable">Sending the same text again later may work and cannot deliver it twice.</param>
/// <param name="Meaning">What happened, as a sentence for staff.</param>
/// <param name="StopsQueue">Every other text would fail or do harm too: stop sending and tell the operator.</param>
public sealed record TwilioErrorMeaning(
    int Code,
    TwilioErrorKind Kind,
    bool Retryable,
    string Meaning,
    bool StopsQueue = false);
