namespace LeadLedger.Messaging;

/// <summary>An alert as mail.</summary>
/// <param name="Subject">One line without control characters, so that it cannot add headers.</param>
/// <param name="Body">Plain text with LF line ends.</param>
public sealed record OwnerAlertEmail(string Subject, string Body);
