namespace LeadLedger.Faults.Loops;

/// <summary>One connection that the proxy broke.</summary>
/// <param name="Number">Which message since the mark.</param>
/// <param name="Position">Before it or after it.</param>
/// <param name="Message">What the message was: its kind, and the statement it belongs to.</param>
/// <param name="Answered">After a message: whether the server's answer was seen before the connection broke.</param>
public sealed record Cut(int Number, CutPosition Position, string Message, bool Answered);
