namespace LeadLedger.Staff.Frame;

/// <summary>Kinds by which a timeline is filtered and told apart.</summary>
public static class EventKinds
{
    public const string Inquiry = "inquiry";
    public const string Decision = "decision";
    public const string Text = "text";
    public const string Task = "task";
    public const string Alert = "alert";
    public const string Consent = "consent";
    public const string Person = "person";
    public const string Other = "other";

    public static IReadOnlyList<(string Id, string Label)> Each { get; } =
    [
        (Inquiry, "Inquiries"), (Decision, "Decisions"), (Text, "Texts"), (Task, "Callbacks"), (Alert, "Alerts"), (Consent, "Consent"),
        (Person, "Notes and merges"), (Other, "Other systems"),
    ];

    /// <summary>The kind of an event.</summary>
    /// <param name="type">The stored alias.</param>
    public static string Of(string type) => type switch
    {
        "call_missed" or "call_outcome_revised" or "form_submitted" or "sms_received" or "correction_offered" => Inquiry,
        "decision_made" => Decision,
        "ack_sla_breached" or "number_unreachable" => Text,
        "lead_routed" or "urgent_review_requested" => Task,
        "consent_recorded" or "opted_out" or "opted_in" => Consent,
        "note_added" or "merge_suggested" or "shares_contact_point" or "contact_record_opened" => Person,
        _ when type.StartsWith("sms_", StringComparison.Ordinal) => Text,
        _ when type.StartsWith("task_", StringComparison.Ordinal) => Task,
        _ when type.StartsWith("owner_alert_", StringComparison.Ordinal) => Alert,
        _ when type.StartsWith("opt_out_", StringComparison.Ordinal) => Consent,
        _ when type.StartsWith("lead_", StringComparison.Ordinal) || type.StartsWith("work_", StringComparison.Ordinal) => Person,
        _ => Other,
    };
}
