namespace LeadLedger.EventStore.Writing;

/// <summary>What is certain about a transaction after the database did not answer as it should.</summary>
public enum CommitFailure
{
    /// <summary>Rolled back, because others were at the same rows: worth another try at once.</summary>
    Race,

    /// <summary>Rolled back, because the server is short of something or is still starting: worth another try a little later.</summary>
    Busy,

    /// <summary>Not committed, and another try now would take as long again: the caller is told to come back.</summary>
    Unavailable,

    /// <summary>Rolled back for a reason that lies in what was written; another try would end the same way.</summary>
    Refused,

    /// <summary>The connection was lost before the commit was asked for: certainly not committed.</summary>
    Unsent,

    /// <summary>The connection was lost after the commit was asked for: it may have been done.</summary>
    Unknown,

    /// <summary>A row that cannot be read or a fault of the program; nothing was committed.</summary>
    Defect,
}
