namespace LeadLedger.Leads;

/// <summary>Addresses that staff open from an alert.</summary>
/// <param name="PublicBase">The service's public address, without a trailing slash.</param>
public sealed record StaffLinks(string PublicBase)
{
    public string Lead(Guid id) => $"{PublicBase}/leads/{id}";
}
