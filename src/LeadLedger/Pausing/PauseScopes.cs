using LeadLedger.Businesses;
using LeadLedger.Sending;

namespace LeadLedger.Pausing;

/// <summary>What staff may pause: texts to customers and updates to a CRM. What is meant for people is never paused.</summary>
public static class PauseScopes
{
    private const string EveryCrm = "crm";

    /// <summary>The scopes of a business, by the name they are paused under.</summary>
    public static IReadOnlyList<string> Of(Business business) =>
    [
        SendingScopes.Texts,
        .. business.Lines.Select(line => SendingScopes.Text(line.Number.E164)),
        .. business.Crm.Count > 0 ? [EveryCrm] : Array.Empty<string>(),
        .. business.Crm.Select(target => SendingScopes.Crm(target.Name)),
    ];
}
