namespace LeadLedger.Intake;

/// <summary>Where a call stands, in one set of words for all providers.</summary>
public enum CallStatus
{
    /// <summary>A spelling the tables do not hold: stored as received and never taken for final (ING-03).</summary>
    Unknown,
    Queued,
    Ringing,
    InProgress,
    Completed,
    Busy,
    Failed,
    NoAnswer,
    Canceled,
}
