using System.Collections.Frozen;

namespace LeadLedger.Sending;

/// <summary>
/// Twilio's error codes as data (contracts 2.5). The provider may change the words of an error, never its number, so nothing but the number
/// is read. A code that is not here changes nothing but the text it is about.
/// </summary>
public static class ProviderCodes
{
    /// <summary>The recipient has opted out at the provider.</summary>
    public const string OptedOut = "21610";

    private static readonly FrozenDictionary<string, ProviderCode> Table = new ProviderCode[]
    {
        new(OptedOut, ProviderCodeClass.OptedOut, "the person has opted out at the phone provider"),

        new("21211", ProviderCodeClass.CannotReceive, "it is no phone number that exists"),
        new("21612", ProviderCodeClass.CannotReceive, "texts from your number cannot reach it"),
        new("21614", ProviderCodeClass.CannotReceive, "it is no mobile number, so it takes no texts"),
        new("30004", ProviderCodeClass.CannotReceive, "the phone or its carrier blocks texts"),
        new("30005", ProviderCodeClass.CannotReceive, "the carrier does not know the number"),
        new("30006", ProviderCodeClass.CannotReceive, "it is a landline, or its carrier takes no texts"),
        new("30003", ProviderCodeClass.UnreachableNow, "the phone is off, out of reach or takes no texts"),

        new("20003", ProviderCodeClass.Sender, "the phone provider refused the account's credentials; check account id and token",
            "Check the account SID and the auth token in the phone provider's console and in the settings."),
        new("20005", ProviderCodeClass.Sender, "the phone provider has closed the account; ask its support",
            "The account is closed: ask the phone provider."),
        new("20404", ProviderCodeClass.Sender, "the phone provider does not know the account; check the account id",
            "Check the account SID in the settings."),
        new("21603", ProviderCodeClass.Sender, "no sending number was given; check the lines in the business file",
            "Check the numbers of the lines in the business file."),
        new("21606", ProviderCodeClass.Sender, "the sending number cannot send texts; check it at the phone provider",
            "The number cannot send texts: check it in the phone provider's console."),
        new("30002", ProviderCodeClass.Sender, "the phone provider has suspended the account; ask its support",
            "The account is suspended: ask the phone provider."),
        new("30034", ProviderCodeClass.Sender, "the sending number is not registered for business texts; register it at the phone provider",
            "Register the number for texting (A2P 10DLC) in the phone provider's console."),
        new("30450", ProviderCodeClass.Sender, "the phone provider suspects that somebody makes you text numbers for money; look at the forms",
            "The phone provider suspects abuse: look at who was texted, and clear it in the provider's console."),

        new("21408", ProviderCodeClass.RegionClosed, "the account may not text this country; allow it at the phone provider"),

        new("21617", ProviderCodeClass.ContentRefused, "the text is too long"),
        new("30007", ProviderCodeClass.ContentRefused, "the carrier filtered the text as unwanted; look at its words and at the number's registration",
            "Carriers filter these texts as unwanted: read them, and ask the phone provider why."),

        new("20429", ProviderCodeClass.Transient, "the phone provider asks to slow down"),
        new("21611", ProviderCodeClass.Transient, "too many texts wait at the phone provider for this sending number"),
        new("30001", ProviderCodeClass.Transient, "too many texts waited at the phone provider"),
        new("30008", ProviderCodeClass.Transient, "the carrier gave no reason"),
    }.ToFrozenDictionary(row => row.Code!, StringComparer.Ordinal);

    /// <summary>Every code that something is concluded from.</summary>
    public static IReadOnlyCollection<ProviderCode> All => Table.Values;

    /// <summary>What a code says; a code that is not in the table is of class <see cref="ProviderCodeClass.Unknown"/>.</summary>
    /// <param name="code">The code, where there was one.</param>
    /// <param name="words">The provider's own words, for a code the table does not have.</param>
    public static ProviderCode Of(string? code, string? words = null) =>
        code is not null && Table.TryGetValue(code, out var row)
            ? row
            : new ProviderCode(code, ProviderCodeClass.Unknown, words ?? (code is null ? "the carrier did not deliver it" : $"the carrier did not deliver it ({code})"));
}
