using LeadLedger.Messaging;

namespace LeadLedger.Businesses;

/// <summary>Whether a template may be used in a business: the linter's errors, without its warnings.</summary>
public static class TemplateFitness
{
    public static IReadOnlyList<string> Problems(Template template, Business business) =>
    [
        .. TemplateLinter
            .Check(template, new LintContext(business.Name, business.UrgentRoute, business.Profile.IsHealthcare()))
            .Where(finding => finding.Severity == LintSeverity.Error)
            .Select(finding => finding.Excerpt is null ? finding.Message : $"{finding.Message} (\"{finding.Excerpt}\")"),
    ];
}
