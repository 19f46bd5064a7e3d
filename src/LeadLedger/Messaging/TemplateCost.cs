namespace LeadLedger.Messaging;

/// <summary>What a template costs at most (C-15), for publishing and for the linter.</summary>
public static class TemplateCost
{
    /// <summary>
    /// The longest rendering: the business's own name and urgent route, every other value at its limit. Alerts to
    /// staff shorten themselves, so theirs is the length below which they cannot go.
    /// </summary>
    public static SmsLength WorstCase(Template template, LintContext context)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var name in CompiledTemplate.Of(template).Names)
        {
            values[name] = name switch
            {
                "business_name" when context.BusinessName.Length > 0 => context.BusinessName,
                "urgent_route" when context.UrgentRoute.Length > 0 => context.UrgentRoute,
                _ when TemplateVariables.Find(name) is { } variable => new('x', Longest(template, variable)),
                _ => null,
            };
        }

        // Both texts are measured as they stand, for which one is sent depends on the lead.
        var text = Measure(template with { NamelessText = null }, values);
        return template.NamelessText is null
            ? text
            : Longer(text, Measure(template with { Text = template.NamelessText, NamelessText = null }, values));
    }

    private static int Longest(Template template, TemplateVariable variable) =>
        template.Audience == TemplateAudience.Staff ? OwnerAlertText.ShortestLength(variable) : variable.MaxLength;

    private static SmsLength Measure(Template template, Dictionary<string, string?> values) =>
        TemplateRenderer.Render(template, values).Length;

    private static SmsLength Longer(SmsLength one, SmsLength other) =>
        (other.Segments, other.Units).CompareTo((one.Segments, one.Units)) > 0 ? other : one;
}
