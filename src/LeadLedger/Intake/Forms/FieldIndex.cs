using System.Text;

namespace LeadLedger.Intake;

/// <summary>
/// The fields of a submission wherever a form builder puts them: flat keys, nested data, lists of labelled answers,
/// JSON inside a field. Each has the names it goes by, so that a field can be found by its own key or its label.
/// </summary>
internal sealed class FieldIndex
{
    private const int MaxFields = 500;
    private const int MaxLevels = 4;

    // Where builders keep what the visitor typed, the most specific first.
    private static readonly string[] Containers =
    [
        "form_response.hidden", "payload.data", "data.fields", "form_fields", "fields", "rawRequest", "form_data",
        "formData", "submission", "values", "customData", "data", "lead", "contact", "customer", "person", "visitor",
        "client",
    ];

    private static readonly string[] AnswerLists =
        ["form_response.answers", "data.fields", "answers", "fields", "field_data", "data.answers"];

    private static readonly string[] Descriptions = ["id", "type", "title", "label", "required", "raw_value", "key"];

    private readonly List<Field> _fields = [];
    private readonly Dictionary<string, Field> _byFoldedName = new(StringComparer.Ordinal);

    private FieldIndex()
    {
    }

    public IReadOnlyList<Field> Fields => _fields;

    public static FieldIndex Of(PayloadDocument payload)
    {
        var index = new FieldIndex();
        var titles = TypeformTitles(payload);
        foreach (var path in AnswerLists)
        {
            foreach (var answer in payload.Find(path)?.Items ?? [])
            {
                index.AddAnswer(answer, titles);
            }
        }

        foreach (var path in Containers)
        {
            var node = payload.Find(path);
            var tree = node is null ? null : payload.Embedded(node) ?? node;
            index.AddMembers(tree, MaxLevels);
        }

        // At the root only what is written there itself: nested parts that no list names describe the sender.
        index.AddMembers(payload.Root, levels: 1);
        return index;
    }

    /// <summary>The first filled field that goes by one of the folded names, in the order of the names.</summary>
    public Field? ByName(IReadOnlyList<string> foldedNames)
    {
        foreach (var name in foldedNames)
        {
            if (_byFoldedName.TryGetValue(name, out var field))
            {
                return field;
            }
        }

        return null;
    }

    /// <summary>The first filled answer of a builder's type, such as <c>phone_number</c> or INPUT_EMAIL.</summary>
    public Field? ByType(string part) =>
        _fields.FirstOrDefault(field =>
            field.Type is not null && field.Type.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>The answer that goes by exactly this reference, id or label.</summary>
    public Field? ByExactName(string name) =>
        _fields.FirstOrDefault(field => field.IsAnswer && field.Names.Contains(name, StringComparer.Ordinal))
        ?? _fields.FirstOrDefault(field =>
            field.IsAnswer && field.Names.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>
    /// A name without case, punctuation and builders' decorations: <c>your-phone</c>, <c>q5_phone</c>, <c>Phone *</c>
    /// and <c>tel-417</c> fold to words that the tables hold.
    /// </summary>
    public static string Fold(string name)
    {
        var text = name.AsSpan().Trim();
        if (text.Length > 2 && text[0] is 'q' or 'Q' && text.IndexOf('_') is > 1 and var mark
            && !text[1..mark].ContainsAnyExceptInRange('0', '9'))
        {
            text = text[(mark + 1)..];
        }

        var digits = text.Length;
        while (digits > 0 && char.IsAsciiDigit(text[digits - 1]))
        {
            digits--;
        }

        if (digits > 1 && digits < text.Length && text[digits - 1] is '-' or '_')
        {
            text = text[..(digits - 1)];
        }

        var folded = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (char.IsLetterOrDigit(character))
            {
                folded.Append(char.ToLowerInvariant(character));
            }
        }

        var word = folded.ToString();
        return word.Length > 6 && word.StartsWith("your", StringComparison.Ordinal) ? word[4..] : word;
    }

    private void AddMembers(PayloadNode? node, int levels)
    {
        if (node?.Members is null)
        {
            return;
        }

        foreach (var (key, value) in node.Members)
        {
            if (value.Member("value") is { } labelled && value.Member("type") is { } type)
            {
                Add([key, .. Texts(value, "title", "label", "id")], type.Scalar, labelled, isAnswer: true);
                continue;
            }

            if (BracketedName(key) is not { } name || value == PayloadNode.Null)
            {
                continue;
            }

            if (value.Members is null || levels > 1)
            {
                Add(name == key ? [key] : [name, key], null, value, isAnswer: false);
            }

            if (levels > 1)
            {
                AddMembers(value, levels - 1);
            }
        }
    }

    private void AddAnswer(PayloadNode answer, Dictionary<string, string> titles)
    {
        var field = answer.Member("field");
        var id = field?.Member("id")?.Scalar;
        var names = Texts(answer, "label", "key", "name", "title", "ref", "id").ToList();
        if (field is not null)
        {
            names = [.. Texts(field, "ref", "title", "id"), .. names];
        }

        if (id is not null && titles.TryGetValue(id, out var title))
        {
            names.Add(title);
        }

        var type = field?.Member("type")?.Scalar ?? answer.Member("type")?.Scalar;
        var value = answer.Member("value") ?? answer.Member("values") ?? TypedValue(answer);
        if (names.Count > 0 && value is not null)
        {
            Add(names, type, Labels(answer, value), isAnswer: true);
        }
    }

    // A Typeform answer keeps its value under the name of its type; a choice is an object with its label.
    private static PayloadNode? TypedValue(PayloadNode answer)
    {
        var value = answer.Member("type")?.Scalar is { } type ? answer.Member(type) : null;
        return value?.Member("labels") ?? value?.Member("label") ?? value?.Member("other") ?? value;
    }

    // Tally names chosen options by id and lists the options' texts beside them.
    private static PayloadNode Labels(PayloadNode answer, PayloadNode value)
    {
        if (value.Items is null || answer.Member("options")?.Items is not { } options)
        {
            return value;
        }

        var texts = new Dictionary<string, PayloadNode>(StringComparer.Ordinal);
        foreach (var option in options)
        {
            if (option.Member("id")?.Scalar is { } id && option.Member("text") is { } text)
            {
                texts.TryAdd(id, text);
            }
        }

        return PayloadNode.Of(
            [.. value.Items.Select(item => texts.GetValueOrDefault(item.Scalar ?? "", item))]);
    }

    private static Dictionary<string, string> TypeformTitles(PayloadDocument payload)
    {
        var titles = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in payload.Find("form_response.definition.fields")?.Items ?? [])
        {
            if (field.Member("id")?.Scalar is { } id && field.Member("title")?.Scalar is { } title)
            {
                titles.TryAdd(id, title);
            }
        }

        return titles;
    }

    private static IEnumerable<string> Texts(PayloadNode node, params string[] names)
    {
        foreach (var name in names)
        {
            if (node.Member(name)?.Scalar is { Length: > 0 } text)
            {
                yield return text;
            }
        }
    }

    // fields[phone][value] is the field phone; fields[phone][type] only describes it.
    private static string? BracketedName(string key)
    {
        if (!key.EndsWith(']') || key.IndexOf('[', StringComparison.Ordinal) <= 0)
        {
            return key;
        }

        var segments = key.Split(['[', ']'], StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length > 2 && Descriptions.Contains(segments[^1]))
        {
            return null;
        }

        return segments.Length > 2 && segments[^1] == "value" ? segments[^2] : segments[^1];
    }

    private void Add(IReadOnlyList<string> names, string? type, PayloadNode value, bool isAnswer)
    {
        if (_fields.Count >= MaxFields || PayloadDocument.LastText(value) is not { Length: > 0 })
        {
            return;
        }

        var field = new Field(names, type, value, isAnswer);
        _fields.Add(field);
        foreach (var name in names)
        {
            _byFoldedName.TryAdd(Fold(name), field);
        }
    }

    /// <param name="Names">The names it goes by, its own key or reference first.</param>
    /// <param name="Type">The builder's type; null where it has none.</param>
    /// <param name="IsAnswer">It stands in a list of labelled answers.</param>
    internal sealed record Field(IReadOnlyList<string> Names, string? Type, PayloadNode Value, bool IsAnswer);
}
