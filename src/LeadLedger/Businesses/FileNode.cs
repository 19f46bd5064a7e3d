using System.Text.Json;

namespace LeadLedger.Businesses;

/// <summary>
/// A place in a business file. Reading never fails: what is absent or has the wrong type, which
/// <see cref="SchemaCheck"/> has reported, gives the default, so that the rest of the file is still looked at.
/// </summary>
internal readonly struct FileNode(JsonElement? value, string path, FileProblems problems)
{
    public string Path => path;

    public bool Exists => value is not null;

    public FileNode this[string name] => new(Member(name), path.Length == 0 ? name : $"{path}.{name}", problems);

    public IEnumerable<FileNode> Items()
    {
        if (value is not { ValueKind: JsonValueKind.Array })
        {
            yield break;
        }

        var index = 0;
        foreach (var item in value.Value.EnumerateArray())
        {
            yield return new FileNode(item, $"{path}[{index++}]", problems);
        }
    }

    /// <summary>The members by name; of a name that stands twice the last.</summary>
    public IReadOnlyDictionary<string, FileNode> Members()
    {
        var members = new Dictionary<string, FileNode>(StringComparer.Ordinal);
        if (value is { ValueKind: JsonValueKind.Object })
        {
            foreach (var member in value.Value.EnumerateObject())
            {
                if (SchemaCheck.NameOf(member) is { } name)
                {
                    members[name] = this[name];
                }
            }
        }

        return members;
    }

    public string? Text() => value is { ValueKind: JsonValueKind.String } ? SchemaCheck.TextOf(value.Value) : null;

    public string Text(string otherwise) => Text() ?? otherwise;

    public int Whole(int otherwise) =>
        value is { ValueKind: JsonValueKind.Number } && value.Value.TryGetInt32(out var number) ? number : otherwise;

    public int? Whole() => value is { ValueKind: JsonValueKind.Number } ? Whole(0) : null;

    public bool Flag(bool otherwise) => value?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => otherwise,
    };

    /// <summary>A name written in snake_case, such as <c>med_spa</c>.</summary>
    public T Choice<T>(T otherwise)
        where T : struct, Enum => Choice<T>() ?? otherwise;

    public T? Choice<T>()
        where T : struct, Enum
    {
        foreach (var known in Enum.GetValues<T>())
        {
            if (Text() == JsonNamingPolicy.SnakeCaseLower.ConvertName(known.ToString()))
            {
                return known;
            }
        }

        return null;
    }

    /// <summary>The texts of a list; the default only where there is no list.</summary>
    public IReadOnlyList<string> Texts(IReadOnlyList<string> otherwise) =>
        Exists ? [.. Items().Select(item => item.Text()).OfType<string>()] : otherwise;

    private JsonElement? Member(string name)
    {
        try
        {
            return value is { ValueKind: JsonValueKind.Object } && value.Value.TryGetProperty(name, out var member)
                ? member
                : null;
        }
        catch (InvalidOperationException)
        {
            // Another member's name is half a character, which is reported already.
            return null;
        }
    }

    public void Report(string what, string fix) => problems.Add(path, what, fix);
}
