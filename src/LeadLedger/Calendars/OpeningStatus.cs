using NodaTime;

namespace LeadLedger.Calendars;

/// <summary>What wording needs to know about the business at one instant, all in its own local time (C-26).</summary>
/// <param name="Now">The local time of the instant asked about.</param>
/// <param name="OpenNow">Whether the business is open then.</param>
/// <param name="NextOpening">Now when open, else the next opening; null when it does not open within a year.</param>
/// <param name="ClosesAt">When today's open stretch ends; null when closed, or when it does not end within a
/// year.</param>
/// <param name="Holiday">Name of today's holiday, when today is one.</param>
public readonly record struct OpeningStatus(
    LocalDateTime Now, bool OpenNow, LocalDateTime? NextOpening, LocalDateTime? ClosesAt, string? Holiday);
