using System.Text;
using System.Text.Json;

namespace LeadLedger.Intake;

/// <summary>
/// Reads JSON into a tree without throwing. Stricter readers refuse what senders really send (half a surrogate pair,
/// NUL, invalid UTF-8 in a name); here such characters become U+FFFD and are noted. Depth and the number of values
/// are limited, because a small body can describe a very large tree.
/// </summary>
internal static class JsonTree
{
    /// <summary>Levels of nesting; real payloads use fewer than ten.</summary>
    public const int MaxDepth = 64;

    /// <summary>Values in one payload; real payloads carry a few hundred.</summary>
    public const int MaxValues = 50_000;

    /// <param name="notes">Receives what was changed while reading.</param>
    /// <param name="problem">Why the text is unreadable, as a sentence.</param>
    public static PayloadNode? TryRead(ReadOnlySpan<byte> utf8, ISet<string> notes, out string? problem)
    {
        var options = new JsonReaderOptions
        {
            MaxDepth = MaxDepth,
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
        };
        var reader = new Utf8JsonReader(utf8, options);
        var remaining = MaxValues;
        try
        {
            if (!reader.Read())
            {
                problem = "The body is empty.";
                return null;
            }

            var root = Read(ref reader, notes, ref remaining);

            // Anything but white space behind the value makes the reader throw here.
            reader.Read();
            problem = remaining < 0 ? $"The body holds more than {MaxValues} values." : null;
            return remaining < 0 ? null : root;
        }
        catch (JsonException)
        {
            problem = "The body is not valid JSON, or is nested too deeply.";
            return null;
        }
    }

    private static PayloadNode Read(ref Utf8JsonReader reader, ISet<string> notes, ref int remaining)
    {
        remaining--;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new OrderedDictionary<string, PayloadNode>(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = Text(ref reader, notes);
                    reader.Read();
                    var value = Read(ref reader, notes, ref remaining);
                    if (remaining < 0)
                    {
                        Skip(ref reader);
                        return PayloadNode.Null;
                    }

                    if (!members.TryAdd(name, value))
                    {
                        members[name] = value;
                        notes.Add(PayloadNotes.DuplicateKey);
                    }
                }

                return PayloadNode.Of(members);

            case JsonTokenType.StartArray:
                var items = new List<PayloadNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Read(ref reader, notes, ref remaining));
                    if (remaining < 0)
                    {
                        Skip(ref reader);
                        return PayloadNode.Null;
                    }
                }

                return PayloadNode.Of(items);

            case JsonTokenType.String:
                return PayloadNode.Of(Text(ref reader, notes));

            case JsonTokenType.Number:
                return PayloadNode.Of(Encoding.ASCII.GetString(reader.ValueSpan));

            case JsonTokenType.True:
                return PayloadNode.Of("true");

            case JsonTokenType.False:
                return PayloadNode.Of("false");

            default:
                return PayloadNode.Null;
        }
    }

    private static void Skip(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
            // The rest is read for its syntax only.
        }
    }

    private static string Text(ref Utf8JsonReader reader, ISet<string> notes)
    {
        var raw = reader.ValueSpan;
        var text = reader.ValueIsEscaped ? Unescape(raw) : Encoding.UTF8.GetString(raw);
        var cleaned = SafeText.Clean(text, out var changed);
        if (changed)
        {
            notes.Add(PayloadNotes.Replaced);
        }

        return cleaned;
    }

    // The reader has checked the escapes' syntax, but its own GetString throws on half a surrogate pair.
    private static string Unescape(ReadOnlySpan<byte> raw)
    {
        var text = new StringBuilder(raw.Length);
        while (!raw.IsEmpty)
        {
            var slash = raw.IndexOf((byte)'\\');
            if (slash < 0 || slash + 1 >= raw.Length)
            {
                text.Append(Encoding.UTF8.GetString(raw));
                break;
            }

            text.Append(Encoding.UTF8.GetString(raw[..slash]));
            var escape = raw[slash + 1];
            raw = raw[(slash + 2)..];
            if (escape != 'u' || raw.Length < 4)
            {
                text.Append(escape switch
                {
                    (byte)'b' => '\b',
                    (byte)'f' => '\f',
                    (byte)'n' => '\n',
                    (byte)'r' => '\r',
                    (byte)'t' => '\t',
                    _ => (char)escape,
                });
                continue;
            }

            var unit = 0;
            foreach (var digit in raw[..4])
            {
                unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
            }

            text.Append((char)unit);
            raw = raw[4..];
        }

        return text.ToString();
    }
}
