namespace LeadLedger.EventStore.Outbox;

/// <summary>Brings work that was given up to a person.</summary>
public interface IParkedWork
{
    /// <summary>A row was parked after its last attempt.</summary>
    /// <param name="item">The row as it was claimed last.</param>
    /// <param name="error">Why its last attempt did not end.</param>
    Task ParkedAsync(OutboxItem item, string error);
}
