namespace LeadLedger.Backup;

/// <summary>A backup or restore cannot go on; the message says what is missing and what to do.</summary>
public sealed class BackupException(string message, bool isFinding = false) : Exception(message)
{
    /// <summary>Something was looked at and found damaged, as opposed to not having been able to look.</summary>
    public bool IsFinding { get; } = isFinding;
}
