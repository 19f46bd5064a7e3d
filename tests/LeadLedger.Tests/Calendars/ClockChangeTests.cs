using LeadLedger.Calendars;
using NodaTime;

namespace LeadLedger.Tests.Calendars;

/// <summary>
/// Every tzdb zone, every minute around each of its clock changes of 2024 to 2032, against a clock on the wall (I17).
/// Zones with the same changes are the same zone under several names and are looked at once.
/// </summary>
public sealed class ClockChangeTests
{
    private static readonly Interval _years =
        new(Instant.FromUtc(2024, 1, 1, 0, 0), Instant.FromUtc(2033, 1, 1, 0, 0));

    /// <summary>
    /// Minutes looked at on both sides of a change; the oracle itself sees two days more on both sides.
    /// </summary>
    private const int Around = 130;
    private const int Margin = 2 * 24 * 60;

    [Fact]
    [Trait("Requirement", "I17")]
    public void Every_minute_around_every_clock_change_agrees_with_a_clock_on_the_wall()
    {
        var zones = DateTimeZoneProviders.Tzdb.Ids.Select(id => DateTimeZoneProviders.Tzdb[id])
            .Select(zone => (Zone: zone, Changes: Changes(zone).ToList()))
            .Where(each => each.Changes.Count > 0)
            .DistinctBy(each => string.Join(' ', each.Changes))
            .ToList();
        Assert.InRange(zones.Count, 30, 400);
        Assert.Contains(zones, each => each.Changes.Any(change => change.Moves == 30 * 60));
        Assert.Contains(zones, each => each.Zone.Id == "Africa/Casablanca");

        var differences = zones.AsParallel()
            .SelectMany(each => each.Changes.SelectMany(change => Differences(each.Zone, change)))
            .Take(10)
            .ToList();

        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }

    [Fact]
    [Trait("Requirement", "I17")]
    public void The_day_that_Samoa_skipped_is_closed_and_the_days_beside_it_keep_their_hours()
    {
        var apia = DateTimeZoneProviders.Tzdb["Pacific/Apia"];
        var skipped = new Change(Instant.FromUtc(2011, 12, 30, 10, 0), Offset.FromHours(-10), Offset.FromHours(14));

        Assert.Equal(skipped, Changes(apia, new Interval(skipped.At, skipped.At + Duration.FromDays(1))).Single());
        Assert.Equal("", string.Join("\n", Differences(apia, skipped, around: 2000).Take(5)));
    }

    private static IEnumerable<string> Differences(DateTimeZone zone, Change change, int around = Around)
    {
        var oracle = new ClockChangeOracle(
            zone, change.At - Duration.FromMinutes(around + Margin), 2 * (around + Margin));
        foreach (var hours in HoursThatMeet(change))
        {
            var expected = oracle.Open(hours);
            var window = new SendingWindow("test", hours);
            var calendar = new BusinessCalendar(zone) { Hours = hours };
            DateTimeZone[] zones = [zone];
            var (nextOpen, nextClosed) = Next(expected, Margin + (2 * around));
            for (var minute = Margin + (2 * around) - 1; minute >= Margin; minute--)
            {
                var at = oracle.At(minute);
                nextOpen = expected[minute] ? minute : nextOpen;
                nextClosed = expected[minute] ? nextClosed : minute;
                var isEdge = expected[minute] != expected[minute - 1] || expected[minute] != expected[minute + 1];
                var agrees = window.IsOpen(at, zones) == expected[minute];
                if (agrees && (isEdge || minute % 10 == 0))
                {
                    agrees = (nextOpen is not { } open || window.NextOpen(at, zones) == oracle.At(open))
                        && Closes(window.ClosesAt(at, zones))
                        && calendar.IsOpen(at) == expected[minute];
                }


                // Two stretches that meet at a change because it skips the closed time between them are still two.
                bool Closes(Instant closes) =>
                    nextClosed is not { } closed || closes == oracle.At(closed)
                    || (closes == change.At && closes > at && closes < oracle.At(closed));

                if (!agrees)
                {
                    yield return $"{zone.Id} at {at}: {string.Join(' ', hours[IsoDayOfWeek.Monday])}, expected open "
                        + $"{expected[minute]}, got {window.NextOpen(at, zones)} to {window.ClosesAt(at, zones)}";
                }
            }
        }
    }

    /// <summary>The next open and the next closed minute from there on, null when the grid ends first.</summary>
    private static (int? Open, int? Closed) Next(bool[] open, int from)
    {
        var (nextOpen, nextClosed) = (Array.IndexOf(open, true, from), Array.IndexOf(open, false, from));
        return (nextOpen < 0 ? null : nextOpen, nextClosed < 0 ? null : nextClosed);
    }

    /// <summary>
    /// The shipped windows, one around midnight, and ones whose ends fall into, onto and beside the changed hour.
    /// </summary>
    private static IEnumerable<WeekHours> HoursThatMeet(Change change)
    {
        yield return SendingWindow.FollowUp.Hours;
        yield return WeekHours.Always;
        yield return WeekHours.Daily(DayHours.Parse("22:00-02:00"));

        var before = change.At.WithOffset(change.Before).TimeOfDay;
        var after = change.At.WithOffset(change.After).TimeOfDay;
        var middle = before.PlusMinutes(change.Moves / 120);
        foreach (var time in new[] { before, middle, after }.Distinct())
        {
            yield return WeekHours.Daily(new DayHours(time.PlusHours(-3), time));
            yield return WeekHours.Daily(new DayHours(time, time.PlusHours(3)));
        }

        yield return WeekHours.Daily(new DayHours(middle, middle.PlusMinutes(10)));
        yield return WeekHours.Daily(
            new DayHours(middle.PlusMinutes(-40), middle.PlusMinutes(-20)),
            new DayHours(middle.PlusMinutes(5), middle.PlusMinutes(50)));
    }

    private static IEnumerable<Change> Changes(DateTimeZone zone) => Changes(zone, _years);

    private static IEnumerable<Change> Changes(DateTimeZone zone, Interval years) =>
        zone.GetZoneIntervals(years)
            .Where(interval => interval.HasStart && interval.Start >= years.Start)
            .Select(interval => new Change(
                interval.Start,
                zone.GetUtcOffset(interval.Start - Duration.Epsilon),
                interval.WallOffset))
            .Where(change => change.Before != change.After);

    private sealed record Change(Instant At, Offset Before, Offset After)
    {
        public int Moves => After.Seconds - Before.Seconds;
    }
}
