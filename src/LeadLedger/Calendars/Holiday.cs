using NodaTime;

namespace LeadLedger.Calendars;

/// <summary>A day on which the business does not open; the name may appear in wording.</summary>
public sealed record Holiday(LocalDate Date, string Name);
