using System.Text.Json;
using System.Text.Json.Nodes;
using LeadLedger.Businesses;

namespace LeadLedger.Tests.Businesses;

/// <summary>
/// Goes through the schema by paths such as <c>lines[].ringSeconds</c>; hours by weekday and secrets are values.
/// </summary>
internal static class SchemaWalk
{
    private static readonly string[] _values = ["week", "secret", "window", "dayHours"];

    /// <summary>Every property of the file.</summary>
    public static IEnumerable<string> Paths() => Walk(BusinessSchema.Root, "").Where(path => !path.EndsWith("[]", StringComparison.Ordinal));

    /// <summary>Every object of the file, the file itself first.</summary>
    public static IEnumerable<string> Objects() =>
        Walk(BusinessSchema.Root, "").Prepend("").Where(path => At(path).TryGetProperty("properties", out _) && !IsValue(UseAt(path)));

    public static IEnumerable<string> PropertiesOf(string path) =>
        At(path).GetProperty("properties").EnumerateObject().Select(each => each.Name);

    public static JsonElement At(string path) => BusinessSchema.Definition(UseAt(path));

    /// <summary>The schema as it stands at the property, before its reference is followed.</summary>
    public static JsonElement UseAt(string path)
    {
        var at = BusinessSchema.Root;
        foreach (var name in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            at = BusinessSchema.Definition(at).GetProperty("properties").GetProperty(name.Replace("[]", "", StringComparison.Ordinal));
            at = name.EndsWith("[]", StringComparison.Ordinal) ? BusinessSchema.Definition(at).GetProperty("items") : at;
        }

        return at;
    }

    public static JsonElement? Default(string path) => UseAt(path).TryGetProperty("default", out var value) ? value : null;

    public static IEnumerable<JsonNode> Values(JsonNode file, string path)
    {
        IEnumerable<JsonNode> at = [file];
        foreach (var name in path.Split('.'))
        {
            at = at.Select(each => each[name.Replace("[]", "", StringComparison.Ordinal)]).OfType<JsonNode>();
            at = name.EndsWith("[]", StringComparison.Ordinal) ? at.SelectMany(each => each.AsArray()).OfType<JsonNode>() : at;
        }

        return at.ToList();
    }

    /// <summary>Sets a property that is absent, in every object that could hold it.</summary>
    public static void Put(JsonNode file, string path, JsonElement value)
    {
        var split = path.LastIndexOf('.');
        var (parent, name) = split < 0 ? ("", path) : (path[..split], path[(split + 1)..]);
        foreach (var holder in (parent.Length == 0 ? [file] : Values(file, parent)).OfType<JsonObject>())
        {
            holder.TryAdd(name, JsonNode.Parse(value.GetRawText()));
        }
    }

    /// <summary>Every schema in the document, references unfollowed.</summary>
    public static IEnumerable<JsonElement> Schemas(JsonElement schema)
    {
        yield return schema;
        var inner = new List<JsonElement>();
        foreach (var keyword in new[] { "properties", "$defs" })
        {
            inner.AddRange(schema.TryGetProperty(keyword, out var named) ? named.EnumerateObject().Select(each => each.Value) : []);
        }

        inner.AddRange(schema.TryGetProperty("items", out var items) ? [items] : []);
        inner.AddRange(schema.TryGetProperty("oneOf", out var choices) ? choices.EnumerateArray() : []);
        inner.AddRange(
            schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind == JsonValueKind.Object ? [others] : []);
        foreach (var each in inner.SelectMany(Schemas))
        {
            yield return each;
        }
    }

    private static IEnumerable<string> Walk(JsonElement use, string path)
    {
        if (IsValue(use))
        {
            yield break;
        }

        var schema = BusinessSchema.Definition(use);
        if (schema.TryGetProperty("properties", out var properties))
        {
            foreach (var property in properties.EnumerateObject())
            {
                var inner = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
                yield return inner;
                foreach (var below in Walk(property.Value, inner))
                {
                    yield return below;
                }
            }
        }
        else if (schema.TryGetProperty("items", out var items) && BusinessSchema.Definition(items).TryGetProperty("properties", out _))
        {
            yield return $"{path}[]";
            foreach (var below in Walk(items, $"{path}[]"))
            {
                yield return below;
            }
        }
    }

    private static bool IsValue(JsonElement use) =>
        use.TryGetProperty("$ref", out var reference)
        && _values.Contains(reference.GetString()!["#/$defs/".Length..], StringComparer.Ordinal);
}
