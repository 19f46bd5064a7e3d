namespace LeadLedger.Faults.Loops;

/// <summary>On which side of a message the connection breaks.</summary>
public enum CutPosition
{
    /// <summary>The server never sees the message.</summary>
    BeforeForwarding,

    /// <summary>The server has acted on the message; its answer is lost.</summary>
    AfterEffect,
}
