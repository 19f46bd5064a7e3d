using System.Text.Json;
using LeadLedger.EventStore;
using NodaTime;

namespace LeadLedger.Hosting;

/// <summary>Writes the values of answers as events are written: instants in UTC with six decimals, absent values as null.</summary>
public static class JsonWriting
{
    private static readonly InstantJsonConverter Instants = new();
    private static readonly JsonSerializerOptions None = new();

    public static void WriteInstant(this Utf8JsonWriter json, string name, Instant? value)
    {
        json.WritePropertyName(name);
        if (value is { } instant)
        {
            Instants.Write(json, instant, None);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    /// <summary>JSON that is stored as such; null when there is none.</summary>
    public static void WriteRaw(this Utf8JsonWriter json, string name, ReadOnlySpan<byte> value)
    {
        json.WritePropertyName(name);
        if (value.IsEmpty)
        {
            json.WriteNullValue();
        }
        else
        {
            json.WriteRawValue(value, skipInputValidation: true);
        }
    }

    public static void WriteId(this Utf8JsonWriter json, string name, Guid? value)
    {
        if (value is { } id)
        {
            json.WriteString(name, id);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    public static void WriteTexts(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
