using LeadLedger.Businesses;
using LeadLedger.Contacting;
using LeadLedger.EventStore;
using LeadLedger.Intake;
using LeadLedger.PhoneNumbers;

namespace LeadLedger.Consent;

/// <summary>A number or mailbox as somebody typed it, brought to the form that contact points are kept in.</summary>
public static class NamedContact
{
    public const string Fix = "Write a complete phone number, such as +12145550100, or an e-mail address.";

    /// <summary>The contact point; null when the text is neither a complete number nor an address.</summary>
    public static GateKey? Read(Business business, string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > 320)
        {
            return null;
        }

        if (text.Contains('@', StringComparison.Ordinal))
        {
            return EmailAddress.Read(text) is { } email ? new GateKey(business.Id, ContactPoint.Email, email.Key) : null;
        }

        return PhoneNumber.TryParse(text, business.Region, out var number, out _) && number.IsPossible
            ? new GateKey(business.Id, ContactPoint.Phone, number.E164)
            : null;
    }
}
