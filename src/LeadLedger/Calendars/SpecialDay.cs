using NodaTime;

namespace LeadLedger.Calendars;

/// <summary>A day with hours of its own in place of the weekday's or a holiday's; no hours means closed.</summary>
public sealed record SpecialDay(LocalDate Date, IReadOnlyList<DayHours> Hours, string? Name = null);
