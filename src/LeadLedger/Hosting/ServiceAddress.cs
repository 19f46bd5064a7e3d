using LeadLedger.Leads;

namespace LeadLedger.Hosting;

/// <summary>The service's address as the outside world calls it: signatures, callbacks and links are built on it.</summary>
/// <param name="PublicBase">Scheme, host and port, without a trailing slash.</param>
public sealed record ServiceAddress(string PublicBase)
{
    public StaffLinks Links { get; } = new(PublicBase);
}
