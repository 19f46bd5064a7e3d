using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LeadLedger.PhoneNumbers;

namespace LeadLedger.Numbers;

/// <summary>
/// Reads lines of a region, a tab and a number as somebody wrote it; writes one JSON object a line. For cleaning a list
/// before it is imported, and for comparing the readings with those of another library.
/// </summary>
public static class NumbersCommand
{
    /// <summary>So many characters are gathered before they go to the writer.</summary>
    private const int FlushAt = 32 * 1024;

    /// <returns>The exit code: 0, whatever the numbers are like; a number that cannot be read is an answer.</returns>
    public static int Run(TextReader input, TextWriter output)
    {
        var buffer = new ArrayBufferWriter<byte>(2 * FlushAt);
        using var json = new Utf8JsonWriter(
            buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        while (input.ReadLine() is { } line)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var region = tab < 0 ? "" : line[..tab];
            Write(json, line[(tab + 1)..], region);
            json.Flush();
            json.Reset();
            buffer.Write("\n"u8);
            if (buffer.WrittenCount >= FlushAt)
            {
                Empty(buffer, output);
            }
        }

        Empty(buffer, output);
        output.Flush();
        return 0;
    }

    private static void Write(Utf8JsonWriter json, string text, string region)
    {
        json.WriteStartObject();
        if (PhoneNumber.TryParse(text, region, out var number, out var error))
        {
            json.WriteString("e164", number.E164);
            json.WriteBoolean("valid", number.IsValid);
            json.WriteBoolean("possible", number.IsPossible);
            json.WriteString("possibility", NameOf(number.Possibility));
            json.WriteBoolean("validForRegion", number.IsValidFor(region));
            json.WriteString("type", NameOf(number.Type));
            json.WriteString("region", number.Region);
            json.WriteString("national", number.Format(PhoneNumberFormat.National));
            json.WriteString("international", number.Format(PhoneNumberFormat.International));
            json.WriteString("rfc3966", number.Format(PhoneNumberFormat.Rfc3966));
            json.WriteString("extension", number.Extension);
            json.WriteStartArray("zones");
            foreach (var zone in number.TimeZones)
            {
                json.WriteStringValue(zone);
            }

            json.WriteEndArray();
        }
        else
        {
            json.WriteString("error", NameOf(error));
        }

        json.WriteEndObject();
    }

    private static void Empty(ArrayBufferWriter<byte> buffer, TextWriter output)
    {
        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        buffer.ResetWrittenCount();
    }

    private static string NameOf<T>(T value)
        where T : struct, Enum => Names<T>.Of[value];

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Of =
            Enum.GetValues<T>().ToDictionary(value => value, value => CamelCase(value.ToString()));

        private static string CamelCase(string name) => char.ToLower(name[0], CultureInfo.InvariantCulture) + name[1..];
    }
}
