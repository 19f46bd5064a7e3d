using LeadLedger.Staff.Frame;
using NodaTime;

namespace LeadLedger.Tests.Staff;

/// <summary>What the charts of the operations pages are drawn from.</summary>
public sealed class OperationsPageFiguresTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 18, 16, 20);

    [Theory]
    [InlineData(0, 0, 23)]
    [InlineData(20, 0, 23)]
    [InlineData(21, 0, 22)]
    [InlineData((23 * 60) + 20, 0, 0)]
    [InlineData((23 * 60) + 21, 1, 23)]
    [InlineData((7 * 24 * 60) + 5, 7, 23)]
    public void An_inquiry_falls_into_its_hour_today_or_the_same_hour_of_a_day_before(int minutesAgo, int day, int hour) =>
        Assert.Equal((day, hour), SourceFigures.PlaceOf(Now - Duration.FromMinutes(minutesAgo), Now));

    [Theory]
    [InlineData(-41)]
    [InlineData(9 * 24 * 60)]
    public void Other_times_are_not_counted(int minutesAgo) =>
        Assert.Null(SourceFigures.PlaceOf(Now - Duration.FromMinutes(minutesAgo), Now));

    [Fact]
    public void Latencies_are_counted_in_bands_that_end_with_their_edge()
    {
        var counts = LatencyFigures.Of(new[] { 0.4, 1, 1.5, 12, 60, 61, 4000 }.Select(seconds => Duration.FromSeconds(seconds)));

        Assert.Equal([2, 1, 0, 0, 1, 1, 1, 1], counts.Bands.Select(band => band.Count));
        Assert.Equal((7, Duration.FromSeconds(12), Duration.FromSeconds(4000)), (counts.Count, counts.Median!.Value, counts.NinetyFifth!.Value));
    }

    [Fact]
    public void Without_any_there_is_nothing_to_tell() => Assert.Null(LatencyFigures.Of([]).Median);
}
