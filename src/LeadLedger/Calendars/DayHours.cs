using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace LeadLedger.Calendars;

/// <summary>
/// One stretch of open hours, in local time, of the day on which it starts, written 08:00-17:00.
/// <paramref name="From"/> is inside, <paramref name="To"/> is outside. A <paramref name="To"/> at or before
/// <paramref name="From"/> lies on the next day, so 22:00-02:00 crosses midnight; the whole day is 00:00-24:00.
/// </summary>
public readonly record struct DayHours(LocalTime From, LocalTime To)
{
    private const string EndOfDay = "24:00";
    private static readonly LocalTimePattern _time = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    public bool EndsNextDay => To <= From;

    /// <summary>
    /// Reads two times of day with a hyphen between them; an end of 24:00 is midnight. Times that are equal are
    /// refused, since they may mean nothing or all day.
    /// </summary>
    public static bool TryParse(string? text, out DayHours hours)
    {
        hours = default;
        var parts = (text ?? "").Split('-', StringSplitOptions.TrimEntries);
        if (parts.Length != 2 || parts[0] == parts[1]
            || !_time.Parse(parts[0]).TryGetValue(default, out var from)
            || !_time.Parse(parts[1] == EndOfDay ? "00:00" : parts[1]).TryGetValue(default, out var to))
        {
            return false;
        }

        hours = new DayHours(from, to);
        return true;
    }

    /// <summary>Reads hours written in this code base.</summary>
    public static DayHours Parse(string text) =>
        TryParse(text, out var hours) ? hours : throw new FormatException($"\"{text}\" is not like 08:00-17:00.");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_time.Format(From)}-{(To == LocalTime.Midnight ? EndOfDay : _time.Format(To))}");
}
