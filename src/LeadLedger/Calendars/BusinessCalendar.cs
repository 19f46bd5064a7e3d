using System.Collections.Frozen;
using NodaTime;

namespace LeadLedger.Calendars;

/// <summary>
/// Opening hours of a business with holidays and special days, in its own zone. Pure. They decide wording, due times
/// and escalation, never whether a text may be sent (C-26).
/// </summary>
/// <remarks>
/// Hours belong to the day on which they start: Friday 18:00-02:00 runs on into a Saturday that is a holiday.
/// Clock changes resolve as in <see cref="SendingWindow"/>: openings late, closings early, so the service never
/// claims that somebody is there when it may not be so.
/// </remarks>
public sealed record BusinessCalendar(DateTimeZone Zone) : IDaySchedule
{
    /// <summary>How far ahead an opening or closing is looked for; a year covers seasonal businesses.</summary>
    private static readonly Duration _horizon = Duration.FromDays(370);

    private readonly FrozenDictionary<LocalDate, Holiday> _holidays = FrozenDictionary<LocalDate, Holiday>.Empty;
    private readonly FrozenDictionary<LocalDate, DayHours[]> _special = FrozenDictionary<LocalDate, DayHours[]>.Empty;
    private readonly IReadOnlyList<SpecialDay> _specialDays = [];

    public WeekHours Hours { get; init; } = WeekHours.Never;

    /// <summary>Closed days; of two on one date the first counts.</summary>
    public IReadOnlyList<Holiday> Holidays
    {
        get => _holidays.Values;
        init => _holidays = value.DistinctBy(holiday => holiday.Date).ToFrozenDictionary(holiday => holiday.Date);
    }

    /// <summary>
    /// Days with hours of their own; they win over weekday and holiday. Of two on one date the first counts.
    /// </summary>
    public IReadOnlyList<SpecialDay> SpecialDays
    {
        get => _specialDays;
        init
        {
            _specialDays = value;
            _special = value.DistinctBy(day => day.Date)
                .ToFrozenDictionary(day => day.Date, day => WeekHours.Ordered(day.Hours));
        }
    }

    public bool IsOpen(Instant at) => OpenInterval.FirstEndingAfter(this, Zone, at, at, at) is not null;

    /// <summary>The same instant when open, else the next opening; null when it does not open within a year.</summary>
    public Instant? NextOpen(Instant at) =>
        OpenInterval.FirstEndingAfter(this, Zone, at, at + _horizon, at) is { } open
            ? Instant.Max(at, open.Opens)
            : null;

    /// <summary>
    /// When the stretch that is open at the instant ends; null when closed then, or when it does not end within a
    /// year.
    /// </summary>
    public Instant? ClosesAt(Instant at)
    {
        var limit = at + _horizon;
        return OpenInterval.FirstEndingAfter(this, Zone, at, at, limit) is { } open && open.Closes <= limit
            ? open.Closes
            : null;
    }

    /// <summary>
    /// The instant by which that much opening time has passed since <paramref name="from"/>. Time that ends exactly
    /// with a stretch ends at its closing, not at the next opening.
    /// </summary>
    /// <remarks>
    /// Once the business does not open for a year, the rest is added as plain elapsed time: a deadline or an escalation
    /// must come due even where a calendar leaves no open time.
    /// </remarks>
    public Instant AddOpenTime(Instant from, Duration time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, Duration.Zero);
        var at = from;
        var left = time;
        while (left > Duration.Zero)
        {
            if (OpenInterval.FirstEndingAfter(this, Zone, at, at + _horizon, at + left) is not { } open)
            {
                return at + left;
            }

            var start = Instant.Max(at, open.Opens);
            var used = Duration.Min(left, open.Closes - start);
            at = start + used;
            left -= used;
        }

        return at;
    }

    /// <summary>How much opening time lies between two instants; zero when the second is not the later.</summary>
    public Duration OpenTimeBetween(Instant start, Instant end)
    {
        var total = Duration.Zero;
        for (var at = start; at < end && OpenInterval.FirstEndingAfter(this, Zone, at, end, end) is { } open;)
        {
            total += Duration.Max(Duration.Zero, Instant.Min(end, open.Closes) - Instant.Max(at, open.Opens));
            at = open.Closes;
        }

        return total;
    }

    /// <summary>
    /// The next opening on the business's own clock; the same instant when open, null when there is none within a
    /// year.
    /// </summary>
    public LocalDateTime? NextOpening(Instant at) => NextOpen(at)?.InZone(Zone).LocalDateTime;

    public OpeningStatus StatusAt(Instant at)
    {
        var now = at.InZone(Zone).LocalDateTime;
        var next = NextOpen(at);
        return new OpeningStatus(
            now,
            OpenNow: next == at,
            next?.InZone(Zone).LocalDateTime,
            ClosesAt(at)?.InZone(Zone).LocalDateTime,
            HolidayOn(now.Date)?.Name);
    }

    /// <summary>The holiday on that date; none where a special day opens the business after all.</summary>
    public Holiday? HolidayOn(LocalDate date) =>
        _special.TryGetValue(date, out var hours) && hours.Length > 0 ? null : _holidays.GetValueOrDefault(date);

    ReadOnlySpan<DayHours> IDaySchedule.HoursOn(LocalDate date) =>
        _special.TryGetValue(date, out var special) ? special
        : _holidays.ContainsKey(date) ? []
        : Hours.HoursOn(date);
}
