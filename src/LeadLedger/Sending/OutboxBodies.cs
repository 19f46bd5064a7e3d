namespace LeadLedger.Sending;

/// <summary>Names of the kinds of work, as stored.</summary>
public static class WorkKinds
{
    public const string SendSms = "send_sms";
    public const string AlertBySms = "alert_sms";
    public const string AlertByEmail = "alert_email";
    public const string AlertByChannel = "alert_channel";
    public const string ReconsiderInquiry = "reconsider_inquiry";
    public const string EscalateTask = "escalate_task";
    public const string SettleCall = "settle_call";
    public const string MirrorLead = "mirror_lead";
    public const string SuggestMerges = "suggest_merges";
    public const string TryAgain = "try_again";
    public const string AlertOperations = "alert_operations";
}

/// <summary>A text to a lead. The words stand in the fact; here is what the sender needs.</summary>
/// <param name="Message">The text's id.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="To">E.164.</param>
/// <param name="From">E.164; a line of the business.</param>
/// <param name="Body">The words.</param>
/// <param name="Form">The form whose inquiry it answers, for the limits; null for a call or a text.</param>
public sealed record SendSms(Guid Message, string Purpose, string To, string From, string Body, string? Form = null);

/// <summary>An alert to staff over one channel.</summary>
public sealed record SendAlert(
    Guid Alert, string Channel, string To, string? From, string Subject, string Body, string Recipient);

/// <summary>A deferred inquiry, to be decided again.</summary>
public sealed record ReconsiderInquiry(Guid Inquiry, string Purpose);

/// <summary>The next rung of a task's ladder.</summary>
public sealed record EscalateTask(Guid Task, string Rung);

/// <summary>A call that ended without saying how; judged when nothing more has come.</summary>
public sealed record SettleCall(string Provider, string CallSid);

/// <summary>The lead's current view, for one CRM target.</summary>
public sealed record MirrorLead(string Target, long LeadVersion);

/// <summary>Leads that resemble this one, for a person to look at.</summary>
public sealed record SuggestMerges(string Name);

/// <summary>A breaker's pause, to be looked at again.</summary>
public sealed record TryAgain(Guid Pause);
