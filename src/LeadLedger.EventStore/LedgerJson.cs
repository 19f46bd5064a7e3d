using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using NodaTime.Text;

namespace LeadLedger.EventStore;

/// <summary>Instants as ISO-8601 in UTC with six decimals, such as 2026-11-20T18:30:00.000000Z.</summary>
public sealed class InstantJsonConverter : JsonConverter<Instant>
{
    private const string Format = "yyyy-MM-ddTHH:mm:ss.ffffffZ";
    private const int Length = 27;

    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (!reader.HasValueSequence && !reader.ValueIsEscaped && reader.ValueSpan.Length == Length
            && TryReadFixed(reader.ValueSpan, out var instant))
        {
            return instant;
        }

        var parsed = InstantPattern.ExtendedIso.Parse(reader.GetString() ?? "");
        return parsed.Success ? parsed.Value : throw new JsonException("an instant is written like 2026-11-20T18:30:00Z");
    }

    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[Length];
        value.ToDateTimeUtc().TryFormat(text, out var written, Format, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..written]);
    }

    // The form we write ourselves is read by position: a replay reads several instants an event.
    private static bool TryReadFixed(ReadOnlySpan<byte> text, out Instant instant)
    {
        instant = default;
        if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':'
            || text[19] != '.' || text[26] != 'Z')
        {
            return false;
        }

        if (!Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..10], out var day)
            || !Digits(text[11..13], out var hour) || !Digits(text[14..16], out var minute)
            || !Digits(text[17..19], out var second) || !Digits(text[20..26], out var micros)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        instant = Instant.FromDateTimeUtc(
            new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).AddTicks(micros * 10L));
        return true;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + digit - '0';
        }

        return true;
    }
}

/// <summary>Durations as whole seconds; nothing in an event is a floating-point number.</summary>
public sealed class DurationJsonConverter : JsonConverter<Duration>
{
    public override Duration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Duration.FromSeconds(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, Duration value, JsonSerializerOptions options) =>
        writer.WriteNumberValue((long)value.TotalSeconds);
}

/// <summary>Enum members by their name in snake_case, which is what is stored and what the API shows.</summary>
public sealed class SnakeCaseEnum<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.SnakeCaseLower, false)
    where TEnum : struct, Enum;
