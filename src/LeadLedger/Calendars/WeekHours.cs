using NodaTime;

namespace LeadLedger.Calendars;

/// <summary>
/// Open hours by weekday, several stretches a day. A stretch belongs to the weekday on which it starts.
/// </summary>
public sealed class WeekHours : IDaySchedule
{
    private static readonly DayHours[] _wholeDay = [DayHours.Parse("00:00-24:00")];

    private readonly DayHours[][] _byWeekday;

    private WeekHours(Func<IsoDayOfWeek, IEnumerable<DayHours>> hoursOf) =>
        _byWeekday = [.. Enumerable.Range(1, 7).Select(day => Ordered(hoursOf((IsoDayOfWeek)day)))];

    /// <summary>Open on no day.</summary>
    public static WeekHours Never { get; } = new(_ => []);

    /// <summary>Open around the clock.</summary>
    public static WeekHours Always { get; } = new(_ => _wholeDay);

    public IReadOnlyList<DayHours> this[IsoDayOfWeek day] => _byWeekday[(int)day - 1];

    /// <summary>The same hours every day.</summary>
    public static WeekHours Daily(params DayHours[] hours) => new(_ => hours);

    /// <summary>Hours by weekday; a weekday that is not named is closed.</summary>
    public static WeekHours Of(IReadOnlyDictionary<IsoDayOfWeek, IReadOnlyList<DayHours>> hours) =>
        new(day => hours.GetValueOrDefault(day) ?? []);

    /// <summary>These hours with one weekday replaced.</summary>
    public WeekHours With(IsoDayOfWeek weekday, params DayHours[] hours) =>
        new(day => day == weekday ? hours : this[day]);

    ReadOnlySpan<DayHours> IDaySchedule.HoursOn(LocalDate date) => HoursOn(date);

    internal ReadOnlySpan<DayHours> HoursOn(LocalDate date) => _byWeekday[(int)date.DayOfWeek - 1];

    internal static DayHours[] Ordered(IEnumerable<DayHours> hours) => [.. hours.OrderBy(each => each.From)];
}
