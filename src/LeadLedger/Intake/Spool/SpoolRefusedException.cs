namespace LeadLedger.Intake.Spool;

/// <summary>The spool is full or cannot be written; the sender must be told to come back.</summary>
public sealed class SpoolRefusedException(string message, Exception? inner = null) : Exception(message, inner);
