namespace LeadLedger.Messaging;

/// <summary>Alerts to the people of the business: everything needed to call back without opening anything (OWN-07).</summary>
internal static class ShippedAlerts
{
    private const string Person = "Name: {{name}}\nPhone: {{phone}}\nMessage: {{message}}\n";

    private const string Links = "Call: {{call_link}}\nText: {{sms_link}}\n";

    private const string Waiting = Person + Links + "Lead: {{lead_link}}";

    public static Template[] All() =>
    [
        Alert(
            "owner-alert",
            "New {{kind}}\n" + Person + Links + "E-mail: {{email}}\nPage: {{source_page}}\n" +
            "Shared with: {{shared_with}}\nNote: {{note}}\nLead: {{lead_link}}"),
        Alert(
            "owner-alert-withheld",
            "New {{kind}}, number withheld\nName: {{name}}\nPhone: withheld\nMessage: {{message}}\nPage: {{source_page}}\n" +
            "Note: {{note}}\nCall log: {{call_log_link}}\nLead: {{lead_link}}"),
        Alert("escalation-owner", "Not claimed yet {{waiting}}: {{kind}}\n" + Waiting),
        Alert("escalation-team", "Nobody has claimed this {{kind}} {{waiting}}\n" + Waiting),
        Alert("escalation-queue", "No answer yet {{waiting}}: {{kind}}\n" + Waiting),
        Alert("escalation-business-owner", "Still not handled {{waiting}}: {{kind}}\n" + Waiting),
        Alert("opt-out-review", "Refusal to confirm: texts are held\n" + Person + "Lead: {{lead_link}}"),
    ];

    private static Template Alert(string id, string text) => new()
    {
        Id = id,
        Version = 1,
        Class = TemplateClass.Service,
        Audience = TemplateAudience.Staff,
        Use = TemplateUse.Alert,
        OptOutLine = false,
        MaxSegments = 3,
        Text = text,
    };
}
