using System.Globalization;
using NodaTime;

namespace LeadLedger.Intake;

/// <summary>Reads e-mail style dates such as <c>Fri, 20 Aug 2010 01:13:42 +0000</c>, as Twilio writes them.</summary>
internal static class Rfc2822
{
    private static readonly string[] Months =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    /// <summary>The instant, or null where the text is not such a date. The week day is not checked.</summary>
    public static OffsetDateTime? Read(string? text)
    {
        if (text is not { Length: > 0 and <= 64 })
        {
            return null;
        }

        var parts = text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        var fields = parts.Length > 0 && char.IsAsciiLetter(parts[0][0]) ? parts.AsSpan(1) : parts.AsSpan();
        if (fields.Length != 5 || Number(fields[0], 1, 31) is not { } day || Month(fields[1]) is not { } month
            || Number(fields[2], 1, 9998) is not { } year || Offset(fields[4]) is not { } offset)
        {
            return null;
        }

        var clock = fields[3].Split(':');
        if (clock.Length is not (2 or 3) || Number(clock[0], 0, 23) is not { } hour
            || Number(clock[1], 0, 59) is not { } minute
            || Number(clock.Length == 3 ? clock[2] : "0", 0, 59) is not { } second
            || day > CalendarSystem.Iso.GetDaysInMonth(year, month))
        {
            return null;
        }

        return new LocalDateTime(year, month, day, hour, minute, second).WithOffset(offset);
    }

    private static int? Month(string text) =>
        Array.IndexOf(Months, text.ToLowerInvariant()) is >= 0 and var index ? index + 1 : null;

    private static Offset? Offset(string text)
    {
        if (text is "GMT" or "UTC" or "UT" or "Z")
        {
            return NodaTime.Offset.Zero;
        }

        return text.Length == 5 && (text[0] is '+' or '-') && Number(text[1..3], 0, 17) is { } hours
            && Number(text[3..5], 0, 59) is { } minutes
            ? NodaTime.Offset.FromSeconds((text[0] == '-' ? -1 : 1) * ((hours * 3600) + (minutes * 60)))
            : null;
    }

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        && value >= least && value <= most
            ? value
            : null;
}
