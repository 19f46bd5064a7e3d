using System.Text.Json;
using LeadLedger.Calendars;
using NodaTime;

namespace LeadLedger.Businesses;

/// <summary>Reads opening hours, holidays and sending windows of a business file.</summary>
internal static class HoursSection
{
    private static readonly IsoDayOfWeek[] _weekdays =
        [.. Enum.GetValues<IsoDayOfWeek>().Where(day => day != IsoDayOfWeek.None)];

    public static BusinessCalendar Calendar(FileNode file, DateTimeZone zone) => new(zone)
    {
        Hours = Week(file["hours"]),
        Holidays = Holidays(file["holidays"]),
        SpecialDays = SpecialDays(file["specialDays"]),
    };

    public static SendingWindow Window(FileNode node, string name, SendingWindow otherwise) =>
        node.Text() is { } profile ? SendingWindow.Profiles.GetValueOrDefault(profile, otherwise)
        : node.Exists ? new SendingWindow(name, Week(node))
        : otherwise;

    private static WeekHours Week(FileNode node)
    {
        var week = new Dictionary<IsoDayOfWeek, IReadOnlyList<DayHours>>();
        foreach (var day in _weekdays)
        {
            week[day] = Day(node[Name(day)]);
        }

        foreach (var day in _weekdays)
        {
            var next = day == IsoDayOfWeek.Sunday ? IsoDayOfWeek.Monday : day + 1;
            if (week[day] is [.., { EndsNextDay: true } last] && week[next] is [var first, ..] && first.From < last.To)
            {
                node[Name(next)].Report(
                    $"{first} begins while {last} of {Name(day)} still runs", "Let one end before the other begins");
            }
        }

        return WeekHours.Of(week);
    }

    /// <summary>The hours of one day in order, without those that mean nothing.</summary>
    private static DayHours[] Day(FileNode node)
    {
        var hours = new List<DayHours>();
        foreach (var item in node.Items())
        {
            if (item.Text() is not { } text)
            {
                continue;
            }

            if (!DayHours.TryParse(text, out var read))
            {
                item.Report(
                    $"\"{text}\" is no time of day from-to",
                    "Write it like 08:00-17:00; the whole day is 00:00-24:00");
            }
            else
            {
                if (hours.Find(other => Overlap(read, other)) is var other && other != default)
                {
                    item.Report($"{read} overlaps {other}", "Let one end before the other begins, or make them one");
                }

                hours.Add(read);
            }
        }

        return [.. hours.OrderBy(each => each.From)];
    }

    private static bool Overlap(DayHours one, DayHours other) =>
        one.From < other.From ? one.EndsNextDay || other.From < one.To
        : one.From == other.From || other.EndsNextDay || one.From < other.To;

    private static List<Holiday> Holidays(FileNode node)
    {
        var holidays = new List<Holiday>();
        foreach (var item in node.Items())
        {
            if (item["date"].Date() is not { } date)
            {
                continue;
            }

            if (holidays.Exists(other => other.Date == date))
            {
                item["date"].Report("is a holiday already", "Keep one of the two");
            }

            holidays.Add(new Holiday(date, item["name"].Text("")));
        }

        return holidays;
    }

    private static List<SpecialDay> SpecialDays(FileNode node)
    {
        var days = new List<SpecialDay>();
        foreach (var item in node.Items())
        {
            var hours = Day(item["hours"]);
            if (item["date"].Date() is not { } date)
            {
                continue;
            }

            if (days.Exists(other => other.Date == date))
            {
                item["date"].Report("has hours of its own already", "Keep one of the two");
            }

            days.Add(new SpecialDay(date, hours, item["name"].Text()));
        }

        return days;
    }

    private static string Name(IsoDayOfWeek day) => JsonNamingPolicy.CamelCase.ConvertName(day.ToString());
}
