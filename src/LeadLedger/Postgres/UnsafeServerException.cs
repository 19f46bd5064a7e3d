namespace LeadLedger.Postgres;

/// <summary>The server may lose confirmed data; the message names each setting and the way out.</summary>
public sealed class UnsafeServerException(string message) : Exception(message);
