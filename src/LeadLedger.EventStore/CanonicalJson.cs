using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LeadLedger.EventStore;

/// <summary>
/// The canonical form of a JSON text (RFC 8785 for the values an event may hold): members sorted by UTF-16 code unit,
/// no white space, least escaping. What was hashed before an insert can so be computed again from stored jsonb,
/// which reorders members.
/// </summary>
public static class CanonicalJson
{
    private const long LargestInteger = (1L << 53) - 1;

    /// <summary>The canonical form.</summary>
    /// <exception cref="FormatException">
    /// A number that is not an integer within 2^53 - 1, a duplicate member, a NUL character or a lone surrogate:
    /// none of these survives jsonb unchanged, so an event may not hold them.
    /// </exception>
    public static byte[] Of(ReadOnlySpan<byte> json)
    {
        var output = new ArrayBufferWriter<byte>(Math.Max(json.Length, 1));
        Write(json, output);
        return output.WrittenSpan.ToArray();
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{byte})"/>
    public static byte[] Of(string json) => Of(Encoding.UTF8.GetBytes(json));

    /// <summary>Writes the canonical form to <paramref name="output"/>.</summary>
    public static void Write(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
        reader.Read();
        WriteValue(ref reader, output);

        // Fails when anything follows.
        reader.Read();
    }

    private static void WriteValue(ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                WriteObject(ref reader, output);
                break;
            case JsonTokenType.StartArray:
                WriteArray(ref reader, output);
                break;
            case JsonTokenType.String:
                WriteString(ref reader, output);
                break;
            case JsonTokenType.Number:
                WriteInteger(ref reader, output);
                break;
            default:
                output.Write(reader.ValueSpan);
                break;
        }
    }

    private static void WriteObject(ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        // Most objects arrive sorted (our own) or nearly so (jsonb): members are copied in order, and only an object
        // found out of order is put together again.
        var members = new List<Member>(16);
        var values = new ArrayBufferWriter<byte>(256);
        var sorted = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = TextOf(ref reader);
            var start = values.WrittenCount;
            WriteString(ref reader, values);
            values.Write(":"u8);
            reader.Read();
            WriteValue(ref reader, values);
            if (members.Count > 0)
            {
                var order = string.CompareOrdinal(members[^1].Name, name);
                if (order == 0)
                {
                    throw new FormatException($"the member '{name}' stands twice");
                }

                sorted &= order < 0;
            }

            members.Add(new Member(name, start, values.WrittenCount - start));
        }

        if (!sorted)
        {
            members.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
            for (var i = 1; i < members.Count; i++)
            {
                if (members[i].Name == members[i - 1].Name)
                {
                    throw new FormatException($"the member '{members[i].Name}' stands twice");
                }
            }
        }

        output.Write("{"u8);
        for (var i = 0; i < members.Count; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            output.Write(values.WrittenSpan.Slice(members[i].Start, members[i].Length));
        }

        output.Write("}"u8);
    }

    private static void WriteArray(ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        output.Write("["u8);
        var first = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!first)
            {
                output.Write(","u8);
            }

            first = false;
            WriteValue(ref reader, output);
        }

        output.Write("]"u8);
    }

    private static void WriteInteger(ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        var text = reader.ValueSpan;
        if (text.IndexOfAny(".eE"u8) >= 0 || text.SequenceEqual("-0"u8)
            || !reader.TryGetInt64(out var value) || value is > LargestInteger or < -LargestInteger)
        {
            throw new FormatException("a number in an event is an integer within 2^53 - 1; write anything else as text");
        }

        output.Write(text);
    }

    private static void WriteString(ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        if (!reader.ValueIsEscaped)
        {
            output.Write(reader.ValueSpan);
        }
        else
        {
            WriteEscaped(ref reader, output);
        }

        output.Write("\""u8);
    }

    private static void WriteEscaped(ref Utf8JsonReader reader, IBufferWriter<byte> output)
    {
        var text = TextOf(ref reader);
        Span<byte> buffer = stackalloc byte[8];
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case 0:
                    throw new FormatException("a text holds a NUL character");
                case '"':
                    output.Write("\\\""u8);
                    break;
                case '\\':
                    output.Write("\\\\"u8);
                    break;
                case '\b':
                    output.Write("\\b"u8);
                    break;
                case '\f':
                    output.Write("\\f"u8);
                    break;
                case '\n':
                    output.Write("\\n"u8);
                    break;
                case '\r':
                    output.Write("\\r"u8);
                    break;
                case '\t':
                    output.Write("\\t"u8);
                    break;
                case < 0x20:
                    output.Write("\\u00"u8);
                    output.Write(Encoding.ASCII.GetBytes(rune.Value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
                    break;
                default:
                    output.Write(buffer[..rune.EncodeToUtf8(buffer)]);
                    break;
            }
        }
    }

    private static string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new FormatException("a text holds half of a surrogate pair");
        }
    }

    private readonly record struct Member(string Name, int Start, int Length);
}
