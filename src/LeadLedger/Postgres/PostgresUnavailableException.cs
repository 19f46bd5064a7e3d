namespace LeadLedger.Postgres;

/// <summary>PostgreSQL cannot be used; the message is the whole help text, ready to be shown to whoever starts us.</summary>
public sealed class PostgresUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
