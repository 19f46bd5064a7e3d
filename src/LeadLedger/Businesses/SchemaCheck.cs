using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LeadLedger.Businesses;

/// <summary>
/// Compares a business file with its schema and says what differs in words for its author: the schema's descriptions
/// are the advice. Understands as much of JSON Schema as our schema uses, which a test holds it to.
/// </summary>
internal sealed class SchemaCheck(FileProblems problems)
{
    private static readonly TimeSpan _patternTime = TimeSpan.FromSeconds(1);

    public static void Run(JsonElement file, FileProblems problems) =>
        new SchemaCheck(problems).Check(file, BusinessSchema.Root, "");

    private void Check(JsonElement value, JsonElement use, string path)
    {
        // A description beside a reference says what the value means here, which helps more than the general one.
        var schema = BusinessSchema.Definition(use);
        var advice = AdviceOf(use);
        if (schema.TryGetProperty("oneOf", out var choices))
        {
            var fitting = choices.EnumerateArray()
                .Where(choice => FitsType(value, BusinessSchema.Definition(choice)))
                .ToList();
            if (fitting.Count == 1)
            {
                Check(value, fitting[0], path);
            }
            else
            {
                problems.Add(Shown(path), $"{TypeOf(value)} does not fit here", advice);
            }
        }
        else if (!FitsType(value, schema))
        {
            problems.Add(Shown(path), $"{TypeOf(value)} does not fit here", advice);
        }
        else if (schema.TryGetProperty("enum", out var known))
        {
            CheckChoice(value, known, path, advice);
        }
        else
        {
            CheckContent(value, schema, path, advice);
        }
    }

    private void CheckChoice(JsonElement value, JsonElement known, string path, string advice)
    {
        var names = known.EnumerateArray().Select(each => each.GetString()!).ToList();
        if (TextOf(value) is not { } given)
        {
            problems.Add(path, NotText, advice);
        }
        else if (!names.Contains(given, StringComparer.Ordinal))
        {
            problems.Add(path, $"\"{given}\" is not one of {string.Join(", ", names)}",
                NearestName.Of(given, names) is { } name ? $"Did you mean \"{name}\"?" : advice);
        }
    }

    private void CheckContent(JsonElement value, JsonElement schema, string path, string advice)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(value, schema, path, advice);
                break;
            case JsonValueKind.Array:
                CheckCount(value.GetArrayLength(), "Items", "entries", schema, path, advice);
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    Check(item, schema.GetProperty("items"), $"{path}[{index++}]");
                }

                break;
            case JsonValueKind.String:
                CheckText(value, schema, path, advice);
                break;
            case JsonValueKind.Number:
                CheckNumber(value.GetInt32(), schema, path, advice);
                break;
            default:
                break;
        }
    }

    private void CheckObject(JsonElement value, JsonElement schema, string path, string advice)
    {
        var properties = schema.TryGetProperty("properties", out var declared)
            ? declared.EnumerateObject().ToDictionary(each => each.Name, each => each.Value, StringComparer.Ordinal)
            : [];
        var others = schema.GetProperty("additionalProperties");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (NameOf(member) is not { } name)
            {
                problems.Add(Shown(path), $"the name of a property {NotText}", "Write it in plain letters");
                continue;
            }

            var inner = path.Length == 0 ? name : $"{path}.{name}";
            if (!seen.Add(name))
            {
                problems.Add(inner, "stands here twice", "Keep one of the two");
            }
            else if (properties.TryGetValue(name, out var property))
            {
                Check(member.Value, property, inner);
            }
            else if (others.ValueKind == JsonValueKind.Object)
            {
                Check(member.Value, others, inner);
            }
            else
            {
                problems.Add(inner, "is not a property known here", NearestName.Advice(name, properties.Keys));
            }
        }

        CheckCount(seen.Count, "Properties", "properties", schema, path, advice);
        foreach (var name in Names(schema, "required").Where(name => !seen.Contains(name)))
        {
            problems.Add(path.Length == 0 ? name : $"{path}.{name}", "is missing", AdviceOf(properties[name]));
        }
    }

    private void CheckText(JsonElement value, JsonElement schema, string path, string advice)
    {
        if (TextOf(value) is not { } text)
        {
            problems.Add(path, NotText, "Write it in plain characters; a template may hold line breaks (\\n)");
            return;
        }

        CheckCount(text.EnumerateRunes().Count(), "Length", "characters", schema, path, advice);
        if (schema.TryGetProperty("minLength", out _) && string.IsNullOrWhiteSpace(text))
        {
            problems.Add(path, "is blank", advice);
        }

        // A value that stands where a secret's name belongs may be the secret: it is never repeated.
        var shown = schema.TryGetProperty("writeOnly", out _) ? "the value" : $"\"{text}\"";
        if (schema.TryGetProperty("pattern", out var pattern)
            && (text.Contains('\n', StringComparison.Ordinal)
                || !Regex.IsMatch(text, pattern.GetString()!, RegexOptions.CultureInvariant, _patternTime)))
        {
            problems.Add(path, $"{shown} has the wrong form", advice);
        }
    }

    private void CheckNumber(int number, JsonElement schema, string path, string advice)
    {
        var least = schema.GetProperty("minimum").GetInt32();
        var most = schema.GetProperty("maximum").GetInt32();
        if (number < least || number > most)
        {
            problems.Add(path, Invariant($"{number} is not between {least} and {most}"), advice);
        }
    }

    private void CheckCount(int count, string of, string noun, JsonElement schema, string path, string advice)
    {
        if (schema.TryGetProperty($"min{of}", out var least) && count < least.GetInt32())
        {
            problems.Add(Shown(path), Invariant($"has {count} {noun}, needs at least {least.GetInt32()}"), advice);
        }

        if (schema.TryGetProperty($"max{of}", out var most) && count > most.GetInt32())
        {
            problems.Add(Shown(path), Invariant($"has {count} {noun}, may have {most.GetInt32()}"), advice);
        }
    }

    private static bool FitsType(JsonElement value, JsonElement schema) =>
        schema.TryGetProperty("enum", out _) ? value.ValueKind == JsonValueKind.String
        : schema.GetProperty("type").GetString() switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
            _ => value.ValueKind == JsonValueKind.String,
        };

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Number => value.TryGetInt32(out _) ? "a number" : "a number that is not whole or too large",
        JsonValueKind.Null => "null (leave the property out instead)",
        _ => "text",
    };

    internal const string NotText = "holds half a character or a control character";

    /// <summary>The text; null where it holds what neither JSON nor the database can keep.</summary>
    internal static string? TextOf(JsonElement value) => Safe(value.GetString);

    internal static string? NameOf(JsonProperty member) => Safe(() => member.Name);

    private static string? Safe(Func<string?> read)
    {
        try
        {
            return read() is { } text && !text.Any(each => char.IsControl(each) && each != '\n') ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Names(JsonElement schema, string list) =>
        schema.TryGetProperty(list, out var names) ? names.EnumerateArray().Select(each => each.GetString()!) : [];

    private static string AdviceOf(JsonElement use) =>
        use.TryGetProperty("description", out var own)
            ? own.GetString()!
            : BusinessSchema.Definition(use).GetProperty("description").GetString()!;

    private static string Shown(string path) => path.Length == 0 ? "the file" : path;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
