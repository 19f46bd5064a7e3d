using NodaTime;

namespace LeadLedger.Calendars;

/// <summary>
/// The hours that start on a date: of every such weekday (<see cref="WeekHours"/>), or of that very day.
/// </summary>
internal interface IDaySchedule
{
    /// <summary>Ordered by their start.</summary>
    ReadOnlySpan<DayHours> HoursOn(LocalDate date);
}
