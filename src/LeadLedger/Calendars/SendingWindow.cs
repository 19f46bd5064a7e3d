using NodaTime;

namespace LeadLedger.Calendars;

/// <summary>
/// The hours of each weekday in which a text or an automated call may reach its recipient, in the recipient's local
/// time (C-10). Pure, and always on the strict side: a recipient who may be in several zones must be inside the window
/// in all of them, and an instant whose local reading is doubled by a clock change counts as closed when either reading
/// would be.
/// </summary>
public sealed record SendingWindow(string Name, WeekHours Hours)
{
    /// <summary>How far ahead an opening is looked for: a week, and a day for clock changes.</summary>
    private static readonly Duration _horizon = Duration.FromDays(8);

    /// <summary>08:00-21:00 every day: the one informational acknowledgement (C-10).</summary>
    public static SendingWindow Acknowledgement { get; } =
        new("acknowledgement", WeekHours.Daily(DayHours.Parse("08:00-21:00")));

    /// <summary>09:00-20:00, Sunday 12:00-20:00: any later automated follow-up (C-10).</summary>
    public static SendingWindow FollowUp { get; } =
        new("follow_up", WeekHours.Daily(DayHours.Parse("09:00-20:00"))
            .With(IsoDayOfWeek.Sunday, DayHours.Parse("12:00-20:00")));

    /// <summary>07:00-21:00 every day (C-10): an hour more in the morning, for a business that chooses it.</summary>
    public static SendingWindow EarlyMorning { get; } =
        new("early_morning", WeekHours.Daily(DayHours.Parse("07:00-21:00")));

    /// <summary>The shipped profiles by the name a business file uses.</summary>
    public static IReadOnlyDictionary<string, SendingWindow> Profiles { get; } =
        new[] { Acknowledgement, FollowUp, EarlyMorning }.ToDictionary(window => window.Name, StringComparer.Ordinal);

    /// <summary>Open in every one of the zones at that instant; no zones is closed.</summary>
    public bool IsOpen(Instant at, IReadOnlyList<DateTimeZone> zones)
    {
        for (var i = 0; i < zones.Count; i++)
        {
            if (OpenInterval.FirstEndingAfter(Hours, zones[i], at, at, at) is null)
            {
                return false;
            }
        }

        return zones.Count > 0;
    }

    /// <summary>
    /// The same instant when open in all zones, else the first later one; null when there is none within 8 days.
    /// </summary>
    public Instant? NextOpen(Instant at, IReadOnlyList<DateTimeZone> zones)
    {
        if (zones.Count == 0)
        {
            return null;
        }

        // Each zone pushes the candidate to its own next opening; it stands once a whole round leaves it alone.
        var limit = at + _horizon;
        var candidate = at;
        var agreeing = 0;
        for (var i = 0; agreeing < zones.Count; i = (i + 1) % zones.Count)
        {
            if (OpenInterval.FirstEndingAfter(Hours, zones[i], candidate, limit, candidate) is not { } open)
            {
                return null;
            }

            agreeing = open.Opens > candidate ? 1 : agreeing + 1;
            candidate = Instant.Max(candidate, open.Opens);
        }

        return candidate;
    }

    /// <summary>
    /// When the window that is open at <paramref name="at"/> closes in the first of the zones. Nothing is left of a
    /// closed window, so it gives <paramref name="at"/>; a window that does not close within 8 days gives the end of
    /// those.
    /// </summary>
    public Instant ClosesAt(Instant at, IReadOnlyList<DateTimeZone> zones)
    {
        if (zones.Count == 0)
        {
            return at;
        }

        var closes = at + _horizon;
        for (var i = 0; i < zones.Count; i++)
        {
            if (OpenInterval.FirstEndingAfter(Hours, zones[i], at, at, closes) is not { } open)
            {
                return at;
            }

            closes = Instant.Min(closes, open.Closes);
        }

        return closes;
    }
}
