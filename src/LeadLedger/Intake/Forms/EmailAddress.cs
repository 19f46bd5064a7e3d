using System.Globalization;

namespace LeadLedger.Intake;

/// <summary>A mailbox address as given, and its comparison form (NRM-03).</summary>
/// <param name="Address">Local part as given, domain in lower case and ASCII.</param>
/// <param name="Key">All lower case: what addresses are compared by.</param>
public sealed record EmailAddress(string Address, string Key)
{
    private static readonly IdnMapping Idn = new();

    /// <summary>Reads an address; null when it cannot be a mailbox. No look-up is made.</summary>
    public static EmailAddress? Read(string? text)
    {
        var trimmed = text?.Trim();
        if (!EmailShape.IsPlausible(trimmed))
        {
            return null;
        }

        var at = trimmed!.LastIndexOf('@');
        try
        {
            var domain = Idn.GetAscii(trimmed[(at + 1)..].ToLowerInvariant());
            return new EmailAddress($"{trimmed[..at]}@{domain}", $"{trimmed[..at].ToLowerInvariant()}@{domain}");
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
