using FsCheck;
using FsCheck.Fluent;
using LeadLedger.Contacting;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Contacting;

public sealed class SendTallyTests
{
    private const int Limit = 3;

    [Fact]
    public void No_hour_and_no_day_wherever_it_begins_holds_more_than_was_allowed()
    {
        var steps = Gen.Choose(0, 3000).ListOf(120);
        Prop.ForAll(steps.ToArbitrary(), waits =>
        {
            var now = TestApp.WednesdayMorning;
            var tally = SendTally.None;
            var sent = new List<Instant>();
            foreach (var wait in waits)
            {
                now += Duration.FromSeconds(wait);
                if (tally.InHour(now) < Limit && tally.InDay(now) < Limit * 4)
                {
                    tally = tally.Add(now);
                    sent.Add(now);
                }
            }

            return sent.All(from =>
                sent.Count(at => at >= from && at < from + Duration.FromHours(1)) <= Limit
                && sent.Count(at => at >= from && at < from + Duration.FromHours(24)) <= Limit * 4);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void After_a_quiet_hour_or_day_there_is_room_again_and_old_slots_are_forgotten()
    {
        var start = TestApp.WednesdayMorning;
        var tally = Enumerable.Range(0, 400).Aggregate(SendTally.None, (sum, n) => sum.Add(start + Duration.FromMinutes(n * 10)));
        var last = start + Duration.FromMinutes(3990);

        Assert.True(tally.Short.Count <= 13 && tally.Long.Count <= 25);
        Assert.InRange(tally.InHour(last), 6, 7);
        Assert.InRange(tally.InDay(last), 144, 150);
        Assert.Equal(0, tally.InHour(last + Duration.FromMinutes(66)));
        Assert.Equal(0, tally.InDay(last + Duration.FromHours(26)));
    }

    [Fact]
    public void A_text_of_a_process_whose_clock_is_fast_counts()
    {
        var now = TestApp.WednesdayMorning;
        Assert.Equal(1, SendTally.None.Add(now + Duration.FromMinutes(20)).InHour(now));
        Assert.Equal(2, SendTally.None.Add(now + Duration.FromMinutes(20)).Add(now).InHour(now));
    }
}
