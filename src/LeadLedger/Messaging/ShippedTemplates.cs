using System.Collections.Frozen;

namespace LeadLedger.Messaging;

/// <summary>The templates every business starts with; its own file may change or replace any of them.</summary>
public static class ShippedTemplates
{
    public static IReadOnlyList<Template> All { get; } = [.. English(), .. ShippedSpanishTemplates.All(), .. ShippedAlerts.All()];

    private static readonly FrozenDictionary<string, Template> Ids =
        All.ToFrozenDictionary(template => template.Id, StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, Template> ById => Ids;

    public static Template Get(string id) => Ids[id];

    /// <summary>The id of the variant in that locale where one is shipped, such as ack-default-es; else the id itself.</summary>
    public static string IdIn(string id, string locale)
    {
        var language = locale.Split('-', '_')[0];
        var variant = id + "-" + language;
        return language != "en" && Ids.ContainsKey(variant) ? variant : id;
    }

    private static Template[] English() =>
    [
        new()
        {
            Id = "ack-default",
            Version = 1,
            Class = TemplateClass.Transactional,
            MaxSegments = 2,
            Text = "Hi {{first_name}}, thank you for calling {{business_name}}. We noted your call and a person will look at it " +
                "{{window}}. Reply to add or correct anything. If it is urgent: {{urgent_route}}.",
            NamelessText = "Thank you for calling {{business_name}}. We noted your call {{called_at}} and a person will look at " +
                "it {{window}}. Reply to add or correct anything. If it is urgent: {{urgent_route}}.",
        },
        new()
        {
            Id = "ack-ask-time",
            Version = 1,
            Class = TemplateClass.Transactional,
            Text = "{{business_name}}: sorry we missed your call. How can we help, and what time today suits you?",
        },
        new()
        {
            Id = "ack-promise-hour",
            Version = 1,
            Class = TemplateClass.Transactional,
            Enabled = false,
            Text = "{{business_name}} here. Our crew is on a job right now and will call you within one hour. " +
                "Text us here or call {{number}}.",
            MaxSegments = 2,
        },
        new()
        {
            Id = "ack-storm",
            Version = 1,
            Class = TemplateClass.Marketing,
            Enabled = false,
            MaxSegments = 2,
            Text = "{{business_name}}: the storm has kept our lines busy. We are taking roof inspections this week. " +
                "Reply BOOK and we will arrange one with you.",
        },
        new()
        {
            Id = "ack-prior-customer",
            Version = 1,
            Class = TemplateClass.Transactional,
            Use = TemplateUse.PriorCustomer,
            MaxSegments = 2,
            Text = "Hi {{first_name}}, {{business_name}} here. We missed your call and, as you are our customer, marked it as " +
                "a priority. What time today is best to call you?",
            NamelessText = "{{business_name}} here. We missed your call and marked it as a priority. " +
                "What time today is best to call you?",
        },
        new()
        {
            Id = "ack-window-number",
            Version = 1,
            Class = TemplateClass.Transactional,
            MaxSegments = 2,
            Text = "Hi {{first_name}}, {{business_name}} here. You called us and we could not answer. " +
                "We will follow up {{window}}. If it is urgent, call {{number}}.",
            NamelessText = "{{business_name}} here. You called us {{called_at}} and we could not answer. " +
                "We will follow up {{window}}. If it is urgent, call {{number}}.",
        },
        new()
        {
            Id = "ack-form",
            Version = 1,
            Class = TemplateClass.Transactional,
            MaxSegments = 2,
            Text = "Hi {{first_name}}, {{business_name}} has your request. Next, a person reads it and contacts you {{window}}. " +
                "Reply to add or correct anything. If it is urgent: {{urgent_route}}.",
            NamelessText = "{{business_name}} has your request. Next, a person reads it and contacts you {{window}}. " +
                "Reply to add or correct anything. If it is urgent: {{urgent_route}}.",
        },
        new()
        {
            Id = "opt-out-confirmation",
            Version = 1,
            Class = TemplateClass.Transactional,
            Use = TemplateUse.OptOutConfirmation,
            OptOutLine = false,
            Text = "{{business_name}}: you are opted out and will get no more texts from us. Reply START to undo this.",
        },
        new()
        {
            Id = "opt-out-confirmation-appointment",
            Version = 1,
            Class = TemplateClass.Transactional,
            Use = TemplateUse.OptOutConfirmation,
            OptOutLine = false,
            MaxSegments = 2,
            Text = "{{business_name}}: you are opted out and will get no more texts from us. " +
                "If you meant an appointment, call {{number}}. Reply START to undo this.",
        },
        new()
        {
            Id = "help",
            Version = 1,
            Class = TemplateClass.Transactional,
            Use = TemplateUse.Help,
            OptOutLine = false,
            MaxSegments = 2,
            Text = "{{business_name}}: you get texts because you contacted us. For help call {{number}}. " +
                "Msg and data rates may apply. Reply STOP to opt out.",
        },
        new()
        {
            Id = "second-touch",
            Version = 1,
            Class = TemplateClass.Service,
            Use = TemplateUse.FollowUp,
            MaxSegments = 2,
            Text = "{{business_name}} here. To pick a time for us to call you: {{booking_link}} or reply with one.",
        },
        new()
        {
            Id = "second-touch-reply",
            Version = 1,
            Class = TemplateClass.Service,
            Use = TemplateUse.FollowUp,
            Text = "{{business_name}} here. We would still like to help. What time suits you for a call?",
        },
        new()
        {
            Id = "booking-followup",
            Version = 1,
            Class = TemplateClass.Marketing,
            Use = TemplateUse.FollowUp,
            Enabled = false,
            MaxSegments = 2,
            Text = "{{business_name}}: the inspection we offered is still open to you. " +
                "Pick one of the 15-minute slots here: {{booking_link}}",
        },
        new()
        {
            Id = "qualifying-question",
            Version = 1,
            Class = TemplateClass.Service,
            Use = TemplateUse.FollowUp,
            MaxSegments = 2,
            Text = "Thank you, {{first_name}}. One question before {{business_name}} calls you: what do you need done, and by when?",
            NamelessText = "Thank you. One question before {{business_name}} calls you: what do you need done, and by when?",
        },
        new()
        {
            Id = "review-request",
            Version = 1,
            Class = TemplateClass.ReviewRequest,
            Use = TemplateUse.FollowUp,
            MaxSegments = 2,
            Text = "Hi {{first_name}}, thank you for your visit with {{business_name}}. How was it? " +
                "Good or bad, we want to know; it takes about 60 seconds: {{review_link}}",
            NamelessText = "Thank you for your visit with {{business_name}}. How was it? " +
                "Good or bad, we want to know; it takes about 60 seconds: {{review_link}}",
        },
    ];
}
