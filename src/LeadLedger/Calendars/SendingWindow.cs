using NodaTime;

namespace LeadLedger.Calendars;

/// <summary>The hours of each weekday in which a text may reach its recipient, in the recipient's local time. Pure.</summary>
public sealed record SendingWindow(string Name)
{
    /// <summary>08:00-21:00 every day: the one informational acknowledgement (C-10).</summary>
    public static SendingWindow Acknowledgement { get; } = new("acknowledgement");

    /// <summary>09:00-20:00, Sunday 12:00-20:00: any later automated follow-up (C-10).</summary>
    public static SendingWindow FollowUp { get; } = new("follow_up");

    /// <summary>Open in every one of the zones at that instant; no zones is closed.</summary>
    public bool IsOpen(Instant at, IReadOnlyList<DateTimeZone> zones) => throw new NotSupportedException(at.ToString());

    /// <summary>The same instant when open in all zones, else the first later one; null when there is none within 8 days.</summary>
    public Instant? NextOpen(Instant at, IReadOnlyList<DateTimeZone> zones) => throw new NotSupportedException(at.ToString());

    /// <summary>When the window that is open at <paramref name="at"/> closes in the first of the zones.</summary>
    public Instant ClosesAt(Instant at, IReadOnlyList<DateTimeZone> zones) => throw new NotSupportedException(at.ToString());
}
