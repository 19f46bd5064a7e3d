namespace LeadLedger.Messaging;

/// <summary>Fills a template. Never prints a placeholder or a missing value, and never reads a value as a template.</summary>
public static class TemplateRenderer
{
    /// <param name="template">Compiled on first use and remembered.</param>
    /// <param name="variables">Values by name; a name that is absent, null or blank is missing.</param>
    public static RenderedText Render(Template template, IReadOnlyDictionary<string, string?> variables) =>
        CompiledTemplate.Of(template).Render(variables);
}
