namespace LeadLedger.Messaging;

/// <summary>The class of a template as events and the API write it.</summary>
public static class TemplateClasses
{
    public static string Name(TemplateClass templateClass) => templateClass switch
    {
        TemplateClass.Service => "service",
        TemplateClass.Marketing => "marketing",
        TemplateClass.ReviewRequest => "review_request",
        _ => "transactional",
    };
}
