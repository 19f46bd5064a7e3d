using LeadLedger.PhoneNumbers;
using LeadLedger.PhoneNumbers.TimeZones;
using NodaTime;

namespace LeadLedger.Tests.PhoneNumbers;

public sealed class TimeZonesTests
{
    [Theory]
    [InlineData("+12145550100", "America/Chicago")]
    [InlineData("+12125550100", "America/New_York")]
    [InlineData("+16025550100", "America/Phoenix")]
    [InlineData("+18085550100", "Pacific/Honolulu")]
    [InlineData("+442079460958", "Europe/London")]
    public void A_number_of_one_zone_has_that_zone(string e164, string zone) => Assert.Equal([zone], Zones(e164));

    [Fact]
    public void An_exchange_that_is_listed_decides_within_its_area() =>
        Assert.Equal(["America/New_York"], Zones("+14232025555"));

    [Theory]
    [InlineData("+14239995555", "America/Chicago", "America/New_York")]
    [InlineData("+12083905555", "America/Boise", "America/Denver", "America/Los_Angeles")]
    [InlineData("+18509995555", "America/Chicago", "America/New_York")]
    public void An_exchange_that_is_not_listed_may_be_anywhere_in_its_area(string e164, params string[] zones) =>
        Assert.Equal(zones, Zones(e164));

    [Fact]
    public void An_area_of_two_zones_has_both() =>
        Assert.Equal(
            ["America/Chicago", "America/Denver", "America/North_Dakota/Center"], Zones("+16055550123"));

    [Theory]
    [InlineData("+17095550100")]
    [InlineData("+18795550100")]
    public void Labrador_keeps_the_time_of_Halifax_and_not_of_Puerto_Rico(string e164) =>
        Assert.Equal(["America/Halifax", "America/St_Johns"], Zones(e164));

    [Theory]
    [InlineData("+18005550100")]
    [InlineData("+19005550100")]
    [InlineData("+15005550100")]
    [InlineData("+15558675310")]
    [InlineData("+80012345678")]
    [InlineData("+881612345678")]
    public void A_number_that_does_not_tell_its_place_has_no_zones(string e164) => Assert.Empty(Zones(e164));

    [Fact]
    public void A_mobile_number_without_an_area_has_every_zone_of_its_country() =>
        Assert.Contains("Australia/Perth", Zones("+61412345678"));

    [Fact]
    public void Every_zone_is_in_the_time_zone_database()
    {
        var zones = ZoneMap.AllSets.SelectMany(set => set).Distinct().ToList();
        Assert.True(zones.Count > 200);
        Assert.All(zones, zone => Assert.NotNull(DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone)));
    }

    [Fact]
    public void Asking_for_zones_allocates_nothing()
    {
        var one = PhoneNumber.FromE164("+12145550100");
        var other = PhoneNumber.FromE164("+15125550134");
        Assert.Same(one.TimeZones, other.TimeZones);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var times = 0; times < 1000; times++)
        {
            _ = one.TimeZones;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static IReadOnlyList<string> Zones(string e164) => PhoneNumber.FromE164(e164).TimeZones;
}
