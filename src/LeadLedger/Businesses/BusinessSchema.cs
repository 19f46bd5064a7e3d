using System.Text.Json;

namespace LeadLedger.Businesses;

/// <summary>
/// The JSON schema of the business file, embedded. It is the only place that knows names, types, ranges and defaults;
/// editors, the loader and the reference documentation all go by it.
/// </summary>
public static class BusinessSchema
{
    public const string FileName = "business.schema.json";

    private static readonly Lazy<string> _text = new(() => EmbeddedText.Of(FileName));
    private static readonly Lazy<JsonElement> _root = new(() => JsonDocument.Parse(_text.Value).RootElement);

    public static string Text => _text.Value;

    internal static JsonElement Root => _root.Value;

    /// <summary>The definition a schema refers to, or the schema itself.</summary>
    internal static JsonElement Definition(JsonElement schema) =>
        schema.TryGetProperty("$ref", out var reference)
            ? Definition(Root.GetProperty("$defs").GetProperty(reference.GetString()!["#/$defs/".Length..]))
            : schema;
}
