using LeadLedger.Calendars;
using NodaTime;

namespace LeadLedger.Tests.Calendars;

public sealed class CandidateZonesTests
{
    private static readonly DateTimeZone _chicago = DateTimeZoneProviders.Tzdb["America/Chicago"];

    [Fact]
    public void The_zones_of_the_number_and_of_a_known_address_add_up()
    {
        Assert.Equal(["America/New_York"], Ids(["America/New_York"], null));
        Assert.Equal(["America/New_York", "America/Denver"], Ids(["America/New_York"], "America/Denver"));
        Assert.Equal(
            ["America/New_York", "America/Denver"], Ids(["America/New_York", "America/Denver"], "America/Denver"));
    }

    [Fact]
    public void A_number_that_tells_nothing_takes_the_address_and_the_business() =>
        Assert.Equal(["America/Denver", "America/Chicago"], Ids([], "America/Denver"));

    [Theory]
    [InlineData("US", "America/New_York", "Pacific/Honolulu")]
    [InlineData("CA", "America/St_Johns", "America/Vancouver")]
    [Trait("Requirement", "I17")]
    public void A_number_that_tells_nothing_and_no_address_takes_every_zone_of_the_region(
        string region, string east, string west)
    {
        var zones = CandidateZones.Of([], null, _chicago, region);

        Assert.Contains(_chicago, zones);
        Assert.Contains(DateTimeZoneProviders.Tzdb[east], zones);
        Assert.Contains(DateTimeZoneProviders.Tzdb[west], zones);
    }

    [Theory]
    [InlineData("US", 2, 9)]
    [InlineData("CA", 2, 12)]
    [Trait("Requirement", "I17")]
    public void Even_all_zones_of_a_region_leave_some_time_for_texts_every_day(
        string region, int fewestHours, int mostHours)
    {
        var zones = CandidateZones.Of([], null, _chicago, region);
        foreach (var window in SendingWindow.Profiles.Values)
        {
            for (var date = new LocalDate(2026, 11, 1); date < new LocalDate(2027, 11, 1); date = date.PlusDays(1))
            {
                var at = date.AtMidnight().InZoneLeniently(_chicago).ToInstant();
                var opens = window.NextOpen(at, zones)!.Value;

                Assert.InRange(opens, at, at + Duration.FromDays(1));
                Assert.InRange((window.ClosesAt(opens, zones) - opens).TotalHours, fewestHours, mostHours);
            }
        }
    }

    [Fact]
    public void Zones_of_a_region_that_never_differ_are_one()
    {
        var zones = CandidateZones.OfRegion("US");

        Assert.InRange(zones.Count, 7, 12);
        Assert.Empty(CandidateZones.OfRegion("XX"));
    }

    [Theory]
    [InlineData("Mars/Olympus_Mons", null)]
    [InlineData("America/Chicago", "Etc/Nowhere")]
    [Trait("Requirement", "I17")]
    public void An_unknown_zone_closes_every_window(string number, string? address)
    {
        var zones = CandidateZones.Of([number], address, _chicago, "US");

        Assert.Empty(zones);
        Assert.False(SendingWindow.Acknowledgement.IsOpen(Instant.FromUtc(2026, 11, 25, 18, 0), zones));
    }

    [Fact]
    [Trait("Requirement", "I17")]
    public void An_unknown_region_with_nothing_else_known_closes_every_window() =>
        Assert.Empty(CandidateZones.Of([], null, _chicago, "XX"));

    private static IEnumerable<string> Ids(string[] number, string? address) =>
        CandidateZones.Of(number, address, _chicago, "US").Select(zone => zone.Id);
}
