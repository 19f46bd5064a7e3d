using System.Runtime.CompilerServices;

namespace LeadLedger.Messaging;

/// <summary>A template read once; kept as long as its template lives.</summary>
public sealed class CompiledTemplate
{
    private static readonly ConditionalWeakTable<Template, CompiledTemplate> Known = [];

    private readonly CompiledText text;
    private readonly CompiledText? nameless;
    private readonly IReadOnlyList<string> onlyInText;
    private readonly int maxSegments;

    private CompiledTemplate(Template template)
    {
        text = new(template.Text, template);
        nameless = template.NamelessText is null ? null : new(template.NamelessText, template);
        onlyInText = nameless is null ? [] : [.. text.Names.Except(nameless.Names)];
        maxSegments = template.MaxSegments;
    }

    /// <summary>Variable names of both texts, known or not.</summary>
    public IEnumerable<string> Names => text.Names.Concat(nameless?.Names ?? []).Distinct();

    public static CompiledTemplate Of(Template template) =>
        Known.GetValue(template, static key => new CompiledTemplate(key));

    public RenderedText Render(IReadOnlyDictionary<string, string?> variables)
    {
        if (nameless is null)
        {
            return text.Render(variables);
        }

        if (text.LosesSentence(variables))
        {
            return WithoutName(variables);
        }

        // A name in another script may turn the text into UCS-2 and break the agreed length; then the name goes.
        var rendered = text.Render(variables);
        return rendered.Length.Segments <= maxSegments ? rendered : Shorter(rendered, WithoutName(variables));
    }

    private static RenderedText Shorter(RenderedText named, RenderedText without) =>
        without.Length.Segments < named.Length.Segments ? without : named;

    private RenderedText WithoutName(IReadOnlyDictionary<string, string?> variables)
    {
        var rendered = nameless!.Render(variables);
        return rendered.Missing.Count == 0
            ? rendered with { Missing = onlyInText }
            : rendered with { Missing = [.. rendered.Missing, .. onlyInText] };
    }
}
