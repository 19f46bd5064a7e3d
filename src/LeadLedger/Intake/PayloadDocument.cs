using System.Globalization;
using System.Text;

namespace LeadLedger.Intake;

/// <summary>
/// A tolerant view of a webhook's body, whatever its form: JSON, form fields, or JSON inside a form field. Values are
/// text, found by path. Reading never throws; a body that cannot be understood says so in <see cref="Unreadable"/>
/// and is kept by its receiver as raw bytes.
/// </summary>
public sealed class PayloadDocument
{
    private const int MaxEmbeddedDepth = 2;
    private const int MaxPathLength = 400;

    private readonly SortedSet<string> _notes;
    private readonly Dictionary<PayloadNode, PayloadNode?> _embedded = [];

    private PayloadDocument(
        PayloadKind kind,
        PayloadNode root,
        SortedSet<string> notes,
        IReadOnlyList<UploadedFile>? files = null,
        string? unreadable = null)
    {
        Kind = kind;
        Root = root;
        _notes = notes;
        Files = files ?? [];
        Unreadable = unreadable;
    }

    public PayloadKind Kind { get; }

    /// <summary>Why nothing could be read, as a sentence; null for a readable body.</summary>
    public string? Unreadable { get; }

    /// <summary>What reading changed or decided, in the words of <see cref="PayloadNotes"/>.</summary>
    public IReadOnlyCollection<string> Notes => _notes;

    public IReadOnlyList<UploadedFile> Files { get; }

    internal PayloadNode Root { get; }

    public static PayloadDocument Read(ReadOnlyMemory<byte> body, string? contentType)
    {
        var notes = new SortedSet<string>(StringComparer.Ordinal);
        var media = MediaType.Read(contentType);
        if (media.IsMultipart)
        {
            return OfForm(FormBody.Read(body, contentType), PayloadKind.Multipart, notes);
        }

        // A form's own decoder applies its character set to the unescaped bytes.
        if (Utf8(body, media.IsForm ? null : media.Charset, notes, out var problem) is not { } text)
        {
            return new(PayloadKind.Unreadable, PayloadNode.Null, notes, unreadable: problem);
        }

        var first = FirstCharacter(text.Span);
        if (first is null)
        {
            return new(PayloadKind.Empty, PayloadNode.Null, notes, unreadable: "The body is empty.");
        }

        var looksLikeJson = first is (byte)'{' or (byte)'[';
        if (media.IsForm)
        {
            // Some plugins post JSON and leave the form's content type on it.
            if (looksLikeJson && JsonTree.TryRead(text.Span, notes, out _) is { } json)
            {
                notes.Add(PayloadNotes.JsonAsForm);
                return new(PayloadKind.Json, json, notes);
            }

            return OfForm(FormBody.Read(text, contentType), PayloadKind.Form, notes);
        }

        if (!media.IsJson && !looksLikeJson && text.Span.Contains((byte)'='))
        {
            notes.Add(PayloadNotes.Sniffed);
            return OfForm(FormBody.Read(text, "application/x-www-form-urlencoded"), PayloadKind.Form, notes);
        }

        if (!media.IsJson)
        {
            notes.Add(PayloadNotes.Sniffed);
        }

        return JsonTree.TryRead(text.Span, notes, out problem) is { } root
            ? new(PayloadKind.Json, root, notes)
            : new(PayloadKind.Unreadable, PayloadNode.Null, notes, unreadable: problem);
    }

    /// <summary>A view of pairs that are decoded already, such as a query.</summary>
    public static PayloadDocument OfPairs(IReadOnlyList<KeyValuePair<string, string>> pairs) =>
        OfForm(new() { Pairs = pairs }, PayloadKind.Form, new(StringComparer.Ordinal));

    /// <summary>
    /// The text at a path, or null where the path leads nowhere or to null. Lists are joined by commas, objects'
    /// values by spaces, booleans are true and false, numbers stand as they were written.
    /// </summary>
    /// <param name="path">
    /// A key as it stands, or keys joined by dots with list positions in brackets: <c>data.First Name</c>,
    /// <c>answers[0].text</c>. A key that itself contains dots, such as <c>1.3</c>, wins over the path of that name.
    /// </param>
    public string? Text(string path) => Find(path)?.Text();

    /// <summary>
    /// The last filled value at a path, where a form repeats a field: a hidden field before a checkbox gives both.
    /// </summary>
    public string? LastText(string path) => LastText(Find(path));

    /// <summary>Whether anything but null stands at the path.</summary>
    public bool Has(string path) => Find(path) is { } node && node != PayloadNode.Null;

    internal static string? LastText(PayloadNode? node) =>
        node?.Items is { } items
            ? items.LastOrDefault(item => item.Text() is { Length: > 0 })?.Text()
            : node?.Text();

    internal PayloadNode? Find(string path) =>
        path.Length is > 0 and <= MaxPathLength ? Find(Root, path, embedded: 0) : null;

    /// <summary>Where a text value is itself JSON, its tree; read once.</summary>
    internal PayloadNode? Embedded(PayloadNode node)
    {
        if (node.Scalar is not { Length: > 1 } text || !(text[0] is '{' or '['))
        {
            return null;
        }

        if (!_embedded.TryGetValue(node, out var tree))
        {
            tree = JsonTree.TryRead(Encoding.UTF8.GetBytes(text), _notes, out _);
            _embedded[node] = tree;
        }

        return tree;
    }

    private PayloadNode? Find(PayloadNode node, string path, int embedded)
    {
        if (path.Length == 0)
        {
            return node;
        }

        if (node.Scalar is not null)
        {
            return embedded < MaxEmbeddedDepth && Embedded(node) is { } tree ? Find(tree, path, embedded + 1) : null;
        }

        if (node.Items is { } items)
        {
            return FindInList(items, path, embedded);
        }

        if (node.Member(path) is { } exact)
        {
            return exact;
        }

        // The longest key wins, so that {"a.b":{"c":1}} and {"a":{"b":{"c":1}}} both answer to a.b.c.
        for (var end = path.Length - 1; end > 0; end--)
        {
            if (path[end] is '.' or '[' && node.Member(path[..end]) is { } member
                && Find(member, path[end] == '.' ? path[(end + 1)..] : path[end..], embedded) is { } found)
            {
                return found;
            }
        }

        return Bracketed(path, out var name, out var rest) && node.Member(name) is { } inner
            ? Find(inner, rest, embedded)
            : null;
    }

    private PayloadNode? FindInList(IReadOnlyList<PayloadNode> items, string path, int embedded)
    {
        string position;
        string rest;
        if (!Bracketed(path, out position, out rest))
        {
            var dot = path.IndexOf('.', StringComparison.Ordinal);
            position = dot < 0 ? path : path[..dot];
            rest = dot < 0 ? "" : path[(dot + 1)..];
        }

        return int.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && index < items.Count
            ? Find(items[index], rest, embedded)
            : null;
    }

    private static bool Bracketed(string path, out string name, out string rest)
    {
        var close = path[0] == '[' ? path.IndexOf(']', StringComparison.Ordinal) : -1;
        name = close < 0 ? "" : path[1..close];
        rest = close < 0 ? "" : path[(close + 1)..].TrimStart('.');
        return close > 0;
    }

    private static PayloadDocument OfForm(FormBody form, PayloadKind kind, SortedSet<string> notes)
    {
        if (form.Error is not null && form.Pairs.Count == 0)
        {
            return new(PayloadKind.Unreadable, PayloadNode.Null, notes, form.Files, form.Error);
        }

        if (form.Error is not null)
        {
            notes.Add(PayloadNotes.Incomplete);
        }

        var fields = new OrderedDictionary<string, List<PayloadNode>>(StringComparer.Ordinal);
        foreach (var (key, value) in form.Pairs)
        {
            var name = Clean(key, notes);
            if (!fields.TryGetValue(name, out var values))
            {
                fields[name] = values = [];
            }

            values.Add(PayloadNode.Of(Clean(value, notes)));
        }

        var members = new OrderedDictionary<string, PayloadNode>(fields.Count, StringComparer.Ordinal);
        foreach (var (name, values) in fields)
        {
            members[name] = values.Count == 1 ? values[0] : PayloadNode.Of(values);
            if (values.Count > 1)
            {
                notes.Add(PayloadNotes.RepeatedField);
            }
        }

        return new(kind, PayloadNode.Of(members), notes, form.Files);
    }

    private static string Clean(string text, SortedSet<string> notes)
    {
        var cleaned = SafeText.Clean(text, out var changed);
        if (changed)
        {
            notes.Add(PayloadNotes.Replaced);
        }

        return cleaned;
    }

    private static byte? FirstCharacter(ReadOnlySpan<byte> text)
    {
        var start = text.IndexOfAnyExcept(" \t\r\n"u8);
        return start < 0 ? null : text[start];
    }

    private static ReadOnlyMemory<byte>? Utf8(
        ReadOnlyMemory<byte> body,
        string? charset,
        SortedSet<string> notes,
        out string? problem)
    {
        problem = null;
        var bytes = body.Span;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf]))
        {
            notes.Add(PayloadNotes.ByteOrderMark);
            return body[3..];
        }

        var wide = Utf16(bytes, charset);
        if (wide is not null)
        {
            notes.Add(PayloadNotes.Utf16);
            var marked = bytes.Length > 1 && (bytes[0], bytes[1]) is (0xff, 0xfe) or (0xfe, 0xff);
            return Encoding.UTF8.GetBytes(wide.GetString(marked ? bytes[2..] : bytes));
        }

        if (charset is "utf-7" or "utf-32" or "utf-32le" or "utf-32be" || bytes.StartsWith((ReadOnlySpan<byte>)[0, 0]))
        {
            problem = "The body is written in a character set that is not read here.";
            return null;
        }

        return charset is "iso-8859-1" or "latin1" or "windows-1252" or "cp1252"
            ? Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(bytes))
            : body;
    }

    // JSON begins with two ASCII characters, so a zero byte among the first two tells UTF-16 and its byte order.
    private static Encoding? Utf16(ReadOnlySpan<byte> bytes, string? charset)
    {
        if (bytes.Length < 2 || bytes.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe, 0, 0]))
        {
            return null;
        }

        return (bytes[0], bytes[1]) switch
        {
            (0xff, 0xfe) => Encoding.Unicode,
            (0xfe, 0xff) => Encoding.BigEndianUnicode,
            ((byte)'{' or (byte)'[', 0) => Encoding.Unicode,
            (0, (byte)'{' or (byte)'[') => Encoding.BigEndianUnicode,
            _ when charset is "utf-16le" && bytes.Contains((byte)0) => Encoding.Unicode,
            _ when charset is "utf-16" or "utf-16be" && bytes.Contains((byte)0) => Encoding.BigEndianUnicode,
            _ => null,
        };
    }
}

public enum PayloadKind
{
    Empty,
    Json,
    Form,
    Multipart,
    Unreadable,
}
