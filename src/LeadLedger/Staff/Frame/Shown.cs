using System.Globalization;
using LeadLedger.PhoneNumbers;
using LeadLedger.Reading;
using NodaTime;

namespace LeadLedger.Staff.Frame;

/// <summary>How things are written for people: numbers, moments, names, and what is left of them when they are masked.</summary>
public static class Shown
{
    private const int LongestName = 80;

    /// <summary>National form for numbers of the business's own country, international otherwise.</summary>
    public static string Phone(string e164, string region)
    {
        if (!PhoneNumber.TryParse(e164, region, out var number, out _))
        {
            return e164;
        }

        return number.Format(number.Region == region ? PhoneNumberFormat.National : PhoneNumberFormat.International);
    }

    /// <summary>What is left of a number, also of one that was masked before it came here.</summary>
    public static string MaskedPhone(string number) => number.StartsWith(Masking.Hidden, StringComparison.Ordinal) ? number : Masking.Text(number);

    /// <summary>A name fit for one line; what was sent can be ten thousand letters long.</summary>
    public static string Name(string? name) => string.IsNullOrWhiteSpace(name) ? ""
        : name.Length <= LongestName ? name : Intake.SafeText.Cut(name, LongestName) + "\u2026";

    public static string MaskedName(string? name) => string.IsNullOrWhiteSpace(name) ? "" : string.Concat(
        name.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2).Select(part => System.Globalization.StringInfo.GetNextTextElement(part) + "\u2022\u2022\u2022 ")).TrimEnd();

    public static string MaskedText(string? text) => string.IsNullOrEmpty(text) ? "" : Masking.Hidden;

    /// <summary>Such as <c>Fri 20 Nov 2026, 14:05 CST</c>.</summary>
    public static string Full(Instant at, DateTimeZone zone)
    {
        var local = at.InZone(zone);
        return local.ToString("ddd d MMM uuuu, HH:mm", CultureInfo.InvariantCulture) + " " + local.GetZoneInterval().Name;
    }

    /// <summary>Such as <c>5 min ago</c> or <c>in 2 h 10 min</c>.</summary>
    public static string Relative(Instant at, Instant now)
    {
        var span = at - now;
        var ahead = span > Duration.Zero;
        var text = Span(ahead ? span : -span);
        return text == "0 s" ? "now" : ahead ? $"in {text}" : $"{text} ago";
    }

    /// <summary>Such as <c>45 s</c>, <c>12 min</c>, <c>3 h 5 min</c>, <c>2 d 4 h</c>.</summary>
    public static string Span(Duration span)
    {
        var seconds = (long)span.TotalSeconds;
        return seconds < 60 ? Inv($"{seconds} s")
            : seconds < 3600 ? Inv($"{seconds / 60} min")
            : seconds < 86400 ? (seconds % 3600 / 60 == 0 ? Inv($"{seconds / 3600} h") : Inv($"{seconds / 3600} h {seconds % 3600 / 60} min"))
            : seconds % 86400 / 3600 == 0 ? Inv($"{seconds / 86400} d") : Inv($"{seconds / 86400} d {seconds % 86400 / 3600} h");
    }

    /// <summary>Stored names as words: <c>needs_callback</c> reads <c>needs callback</c>.</summary>
    public static string Words(string? name) => (name ?? "").Replace('_', ' ');

    private static string Inv(FormattableString text) => FormattableString.Invariant(text);
}
