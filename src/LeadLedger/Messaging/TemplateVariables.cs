using System.Collections.Frozen;

namespace LeadLedger.Messaging;

/// <summary>The catalogue of variables; a template that names any other is refused.</summary>
public static class TemplateVariables
{
    public static IReadOnlyList<TemplateVariable> All { get; } =
    [
        new("business_name", "Name of the business, the only sender ever named.", 60),
        new("window", "When a person will look at it, computed from the opening hours (C-01).", 44,
            WhenMissing: WhenMissing.Fallback, Fallback: "during business hours",
            SpanishFallback: "en horario de oficina"),
        new("urgent_route", "How to reach help that cannot wait, in the business's own words (ACK-20).", 80),
        new("number", "Direct phone number of the business, written nationally.", 20),
        new("first_name", "First name of the lead; missing when unknown, shared or doubtful (NRM-13, C-23).", 20,
            VariableClass.Identity, WhenMissing.OmitSentence, WhenTooLong.Omit),
        new("called_at", "When the call was missed, such as at 10:42 AM (ACK-14).", 30,
            WhenMissing: WhenMissing.OmitWords, WhenTooLong: WhenTooLong.Omit),
        new("booking_link", "Page where the lead picks a time.", 70, WhenTooLong: WhenTooLong.Omit, IsLink: true),
        new("review_link", "Page where the lead leaves a review.", 70, WhenTooLong: WhenTooLong.Omit, IsLink: true),
        new("service", "The service the lead asked about.", 40, VariableClass.ServiceDetail, WhenMissing.OmitSentence),
        new("message", "What the lead wrote.", 300, VariableClass.ServiceDetail, WhenMissing.Fallback,
            Fallback: "none", SpanishFallback: "ninguno"),
        new("name", "Full name of the lead.", 40, VariableClass.Identity, WhenMissing.Fallback,
            Fallback: "not given", SpanishFallback: "sin nombre"),
        new("phone", "Phone number of the lead, written nationally.", 24, VariableClass.Identity, WhenMissing.Fallback,
            StaffOnly: true, Fallback: "not given", SpanishFallback: "sin datos"),
        new("email", "E-mail address of the lead.", 60, VariableClass.Identity, WhenMissing.OmitSentence,
            WhenTooLong.Omit, StaffOnly: true),
        new("call_link", "tel: link to the lead.", 22, VariableClass.Identity, WhenMissing.OmitSentence,
            WhenTooLong.Omit, StaffOnly: true),
        new("sms_link", "sms: link to the lead.", 22, VariableClass.Identity, WhenMissing.OmitSentence,
            WhenTooLong.Omit, StaffOnly: true),
        new("call_log_link", "Page of the call in the call log.", 90, VariableClass.Public, WhenMissing.OmitSentence,
            WhenTooLong.Omit, StaffOnly: true, IsLink: true),
        new("lead_link", "Page of the lead.", 90, VariableClass.Public, WhenMissing.OmitSentence, WhenTooLong.Omit,
            StaffOnly: true, IsLink: true),
        new("kind", "Kind of lead, such as missed call.", 24, WhenMissing: WhenMissing.Fallback, StaffOnly: true,
            Fallback: "lead", SpanishFallback: "contacto"),
        new("source_page", "Page or line the lead came from.", 60, VariableClass.ServiceDetail, WhenMissing.Fallback,
            StaffOnly: true, Fallback: "unknown", SpanishFallback: "sin datos"),
        new("source", "Channel or campaign the lead came from.", 40, VariableClass.Public, WhenMissing.OmitSentence,
            StaffOnly: true),
        new("intent", "What the lead seems to want.", 40, VariableClass.ServiceDetail, WhenMissing.OmitSentence,
            StaffOnly: true),
        new("score", "Score from 0 to 100.", 3, VariableClass.Public, WhenMissing.OmitSentence, StaffOnly: true),
        new("shared_with", "Other leads on the same number.", 60, VariableClass.Identity, WhenMissing.OmitSentence,
            StaffOnly: true),
        new("note", "One remark for staff, such as why the texts are held.", 90, VariableClass.ServiceDetail,
            WhenMissing.OmitSentence, StaffOnly: true),
        new("waiting", "How long the lead has waited, such as after 15 min.", 20, VariableClass.Public,
            WhenMissing.OmitWords, StaffOnly: true),
    ];

    private static readonly FrozenDictionary<string, TemplateVariable> ByName =
        All.ToFrozenDictionary(variable => variable.Name, StringComparer.Ordinal);

    public static TemplateVariable? Find(string name) => ByName.GetValueOrDefault(name);
}
