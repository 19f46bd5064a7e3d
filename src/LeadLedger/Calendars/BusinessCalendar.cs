using NodaTime;

namespace LeadLedger.Calendars;

/// <summary>Opening hours of a business with holidays and exceptions, in its own zone. Pure.</summary>
public sealed record BusinessCalendar(DateTimeZone Zone)
{
    public bool IsOpen(Instant at) => throw new NotSupportedException(at.ToString());

    /// <summary>The same instant when open, else the next opening; null when it never opens.</summary>
    public Instant? NextOpen(Instant at) => throw new NotSupportedException(at.ToString());

    /// <summary>The instant by which that much opening time has passed since <paramref name="from"/>.</summary>
    public Instant AddOpenTime(Instant from, Duration time) => throw new NotSupportedException(from.ToString());
}
