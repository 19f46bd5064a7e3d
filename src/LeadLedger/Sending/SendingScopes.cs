namespace LeadLedger.Sending;

/// <summary>
/// What work leaves the building through. A hold on a scope covers everything that starts with it and a colon: <c>text</c> covers every
/// text to a lead, <c>text:+13125550100</c> those of one sender.
/// </summary>
public static class SendingScopes
{
    /// <summary>Everything that leaves.</summary>
    public const string Everything = "*";

    /// <summary>Every text to a lead.</summary>
    public const string Texts = "text";

    public const string AlertByEmail = "alert:email";
    public const string AlertByChannel = "alert:channel";

    /// <param name="from">The sender's number, E.164.</param>
    public static string Text(string from) => $"{Texts}:{from}";

    /// <param name="from">The sender's number, E.164.</param>
    public static string AlertBySms(string? from) => $"alert:sms:{from}";

    /// <param name="target">The target's name in the business file.</param>
    public static string Crm(string target) => $"crm:{target}";
}
