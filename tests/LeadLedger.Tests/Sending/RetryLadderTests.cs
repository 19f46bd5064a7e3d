using LeadLedger.Sending;
using NodaTime;

namespace LeadLedger.Tests.Sending;

[Trait("Requirement", "RTY-01")]
public sealed class RetryLadderTests
{
    [Fact]
    public void Attempts_are_thirty_seconds_two_and_ten_minutes_apart_give_or_take_a_tenth_and_then_it_ends()
    {
        var seen = new HashSet<Duration>();
        for (var n = 0; n < 1000; n++)
        {
            var row = Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddMilliseconds(n));
            for (var attempts = 1; attempts <= 3; attempts++)
            {
                var wait = RetryLadder.After(row, attempts)!.Value;
                var rung = RetryLadder.Rungs[attempts - 1];
                Assert.InRange(wait, rung * 0.9, rung * 1.1);
                Assert.Equal(wait, RetryLadder.After(row, attempts));
                seen.Add(wait);
            }

            Assert.Null(RetryLadder.After(row, 4));
        }

        Assert.Equal([Duration.FromSeconds(30), Duration.FromMinutes(2), Duration.FromMinutes(10)], RetryLadder.Rungs);
        Assert.True(seen.Count > 2500, "rows that failed together come back together");
    }

    [Fact]
    public void The_shift_is_spread_to_both_sides()
    {
        var waits = Enumerable.Range(0, 2000)
            .Select(n => RetryLadder.After(Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddMilliseconds(n)), 1)!.Value.TotalSeconds).ToArray();

        Assert.InRange(waits.Average(), 29.7, 30.3);
        Assert.True(waits.Min() < 27.3 && waits.Max() > 32.7);
    }
}
