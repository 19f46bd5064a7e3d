namespace LeadLedger.EventStore;

/// <summary>A stream of one tenant: the tenant is the business, the id a UUID.</summary>
public readonly record struct StreamKey(string Tenant, Guid Id);
