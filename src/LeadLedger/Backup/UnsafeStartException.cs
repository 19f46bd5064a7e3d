namespace LeadLedger.Backup;

/// <summary>Serving now could lose leads or send wrongly; the message is one sentence with the remedy.</summary>
public sealed class UnsafeStartException(string message) : Exception(message);
