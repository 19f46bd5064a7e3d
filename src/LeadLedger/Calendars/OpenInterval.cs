using NodaTime;

namespace LeadLedger.Calendars;

/// <summary>
/// A stretch of open time as instants: <paramref name="Opens"/> is inside, <paramref name="Closes"/> outside.
/// </summary>
internal readonly record struct OpenInterval(Instant Opens, Instant Closes)
{
    /// <summary>
    /// The first open stretch that ends after <paramref name="at"/> and starts no later than
    /// <paramref name="startsBy"/>; null when there is none.
    /// </summary>
    /// <remarks>
    /// Hours that touch or overlap in local time are one stretch, so a business open around the clock has no seam at
    /// midnight. A stretch is open from the last time the local clock shows its start until the first time it
    /// shows its end: a start that is skipped or doubled when clocks change resolves to the later instant, an end that
    /// is doubled to the earlier one, a skipped end to the change itself. So nothing is ever open at an instant whose
    /// local reading could also stand for closed time.
    /// </remarks>
    /// <param name="endsBeyond">
    /// How far the end matters: the search for it stops once it surely lies after this instant, and the result's
    /// <see cref="Closes"/> may then be earlier than the true end.
    /// </param>
    public static OpenInterval? FirstEndingAfter(
        IDaySchedule schedule, DateTimeZone zone, Instant at, Instant startsBy, Instant endsBeyond)
    {
        // Two days back covers hours that cross midnight and any clock change; zones move by a day at most.
        var date = at.InZone(zone).Date.PlusDays(-2);
        var lastDate = startsBy.InZone(zone).Date.PlusDays(2);
        var farEnough = endsBeyond.InZone(zone).Date.PlusDays(2);
        LocalDateTime? from = null;
        LocalDateTime to = default;

        for (; date <= lastDate || (from is not null && to.Date >= date); date = date.PlusDays(1))
        {
            foreach (var hours in schedule.HoursOn(date))
            {
                var start = date.At(hours.From);
                var end = (hours.EndsNextDay ? date.PlusDays(1) : date).At(hours.To);
                if (from is not null && start <= to)
                {
                    to = LocalDateTime.Max(to, end);
                }
                else
                {
                    if (from is { } complete && Resolve(complete, to, zone, at) is { } found)
                    {
                        return found.Opens <= startsBy ? found : null;
                    }

                    (from, to) = (start, end);
                }
            }

            if (from is { } begun && to.Date > farEnough && Resolve(begun, to, zone, at) is { } enough)
            {
                return enough.Opens <= startsBy ? enough : null;
            }
        }

        return from is { } last && Resolve(last, to, zone, at) is { } final && final.Opens <= startsBy ? final : null;
    }

    private static OpenInterval? Resolve(LocalDateTime from, LocalDateTime to, DateTimeZone zone, Instant at)
    {
        var end = zone.MapLocal(to);
        var closes = end.Count == 0 ? end.LateInterval.Start : end.First().ToInstant();
        if (closes <= at)
        {
            return null;
        }

        var start = zone.MapLocal(from);
        var opens = start.Count == 0 ? start.LateInterval.Start : start.Last().ToInstant();
        return opens < closes ? new OpenInterval(opens, closes) : null;
    }
}
