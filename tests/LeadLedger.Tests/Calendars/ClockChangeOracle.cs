using LeadLedger.Calendars;
using NodaTime;

namespace LeadLedger.Tests.Calendars;

/// <summary>
/// Open time found by looking at a clock on the wall every minute, and by nothing else: a minute is open when the clock
/// has shown the start for the last time and has not yet shown the end.
/// </summary>
internal sealed class ClockChangeOracle
{
    private readonly Instant _first;
    private readonly LocalDateTime[] _lowestFromHere;
    private readonly LocalDateTime[] _highestUntilHere;

    public ClockChangeOracle(DateTimeZone zone, Instant first, int minutes)
    {
        _first = first;
        _lowestFromHere = new LocalDateTime[minutes];
        _highestUntilHere = new LocalDateTime[minutes];
        var shown = new LocalDateTime[minutes];
        for (var i = 0; i < minutes; i++)
        {
            shown[i] = At(i).WithOffset(zone.GetUtcOffset(At(i))).LocalDateTime;
            _lowestFromHere[i] = shown[i];
            _highestUntilHere[i] = i == 0 ? shown[i] : LocalDateTime.Max(_highestUntilHere[i - 1], shown[i]);
        }

        var lowestAfter = shown[^1];
        for (var i = minutes - 2; i >= 0; i--)
        {
            // A later minute that shows the same time again counts as lower: the start is then yet to come once more.
            _lowestFromHere[i] = LocalDateTime.Min(_lowestFromHere[i], lowestAfter.PlusMinutes(-1));
            lowestAfter = LocalDateTime.Min(lowestAfter, shown[i]);
        }
    }

    public int Minutes => _lowestFromHere.Length;

    public LocalDate FirstDate => _lowestFromHere[0].Date;

    public LocalDate LastDate => _highestUntilHere[^1].Date;

    public Instant At(int minute) => _first + Duration.FromMinutes(minute);

    /// <summary>Which minutes are open under these hours.</summary>
    public bool[] Open(WeekHours hours)
    {
        var open = new bool[Minutes];
        foreach (var (from, to) in Stretches(hours))
        {
            // Both arrays never decrease, so the open minutes of one stretch are a run between two binary searches.
            var begin = FirstNotBelow(_lowestFromHere, from);
            var end = FirstNotBelow(_highestUntilHere, to);
            if (begin < end)
            {
                Array.Fill(open, true, begin, end - begin);
            }
        }

        return open;
    }

    private List<(LocalDateTime From, LocalDateTime To)> Stretches(WeekHours hours)
    {
        var stretches = new List<(LocalDateTime From, LocalDateTime To)>();
        for (var date = FirstDate.PlusDays(-2); date <= LastDate.PlusDays(1); date = date.PlusDays(1))
        {
            foreach (var each in hours[date.DayOfWeek])
            {
                var from = date.At(each.From);
                var to = date.PlusDays(each.To <= each.From ? 1 : 0).At(each.To);
                if (stretches.Count > 0 && from <= stretches[^1].To)
                {
                    stretches[^1] = (stretches[^1].From, LocalDateTime.Max(to, stretches[^1].To));
                }
                else
                {
                    stretches.Add((from, to));
                }
            }
        }

        return stretches;
    }

    private static int FirstNotBelow(LocalDateTime[] ascending, LocalDateTime value)
    {
        var (low, high) = (0, ascending.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ascending[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
