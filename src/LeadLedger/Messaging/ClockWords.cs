using System.Globalization;
using NodaTime;

namespace LeadLedger.Messaging;

/// <summary>Times and dates in the words of a text, in characters that GSM-7 has or can be reduced to.</summary>
internal static class ClockWords
{
    private static readonly string[] SpanishDays =
        ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"];

    private static readonly string[] SpanishMonths =
        ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"];

    private static readonly string[] Months =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    public static bool IsSpanish(string locale) => locale.StartsWith("es", StringComparison.Ordinal);

    /// <summary>8:00 AM.</summary>
    public static string Time(LocalTime time)
    {
        var hour = (time.Hour + 11) % 12 + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{hour}:{time.Minute:00} {(time.Hour < 12 ? "AM" : "PM")}");
    }

    /// <summary>a las 8:00 AM, or a la 1:00 PM.</summary>
    public static string SpanishTime(LocalTime time) => (time.Hour % 12 == 1 ? "la " : "las ") + Time(time);

    public static string Day(LocalDate date, bool spanish) =>
        spanish ? SpanishDays[(int)date.DayOfWeek - 1] : date.DayOfWeek.ToString();

    /// <summary>Dec 1, or 1 de dic.</summary>
    public static string Date(LocalDate date, bool spanish) => spanish
        ? string.Create(CultureInfo.InvariantCulture, $"{date.Day} de {SpanishMonths[date.Month - 1]}")
        : string.Create(CultureInfo.InvariantCulture, $"{Months[date.Month - 1]} {date.Day}");
}
