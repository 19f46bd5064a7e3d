namespace LeadLedger.EventStore.Outbox;

/// <summary>Which businesses this process can work for; rows of others are put off visibly.</summary>
public sealed record OutboxTenants(Func<string, bool> Knows);
