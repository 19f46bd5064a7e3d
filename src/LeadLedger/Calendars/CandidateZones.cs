using System.Collections.Concurrent;
using NodaTime;
using NodaTime.TimeZones;

namespace LeadLedger.Calendars;

/// <summary>
/// The zones a recipient may be in, all of which must be inside the sending window (C-10). Area codes tell less than
/// they seem to, since numbers are carried along when people move; so candidates add up, they never replace each other.
/// </summary>
public static class CandidateZones
{
    /// <summary>Zones that agree from here on are the same for every decision this service can make.</summary>
    private static readonly Interval _comparedYears =
        new(Instant.FromUtc(2024, 1, 1, 0, 0), Instant.FromUtc(2060, 1, 1, 0, 0));

    private static readonly ConcurrentDictionary<string, IReadOnlyList<DateTimeZone>> _byRegion =
        new(StringComparer.Ordinal);

    /// <summary>
    /// The number's zones and the zone of a known address. When the number tells nothing, the business's zone comes
    /// in, and without an address every zone of the region too. A zone id that tzdb does not know empties the list,
    /// which closes every window.
    /// </summary>
    /// <param name="numberZones">IANA ids the phone number may be in; empty when it tells nothing, as with toll-free
    /// numbers.</param>
    /// <param name="addressZone">IANA id of a known address; null when none is known.</param>
    /// <param name="businessZone">The zone of the business that was asked.</param>
    /// <param name="region">ISO 3166 code of the number's country, or of the business where that is unknown
    /// too.</param>
    public static IReadOnlyList<DateTimeZone> Of(
        IReadOnlyList<string> numberZones, string? addressZone, DateTimeZone businessZone, string region)
    {
        var zones = new List<DateTimeZone>(numberZones.Count + 2);
        for (var i = 0; i < numberZones.Count; i++)
        {
            if (!TryAdd(zones, numberZones[i]))
            {
                return [];
            }
        }

        if (addressZone is not null && !TryAdd(zones, addressZone))
        {
            return [];
        }

        if (numberZones.Count == 0)
        {
            Add(zones, businessZone);
            if (addressZone is null)
            {
                var all = OfRegion(region);
                if (all.Count == 0)
                {
                    return [];
                }

                foreach (var zone in all)
                {
                    Add(zones, zone);
                }
            }
        }

        return zones;
    }

    /// <summary>
    /// Zones of a country by its ISO 3166 code, one for each set of clock rules; empty for an unknown code.
    /// </summary>
    public static IReadOnlyList<DateTimeZone> OfRegion(string region) =>
        _byRegion.GetOrAdd(region, static code =>
        [
            .. (TzdbDateTimeZoneSource.Default.ZoneLocations ?? [])
                .Where(location => location.CountryCode.Equals(code, StringComparison.OrdinalIgnoreCase))
                .Select(location => DateTimeZoneProviders.Tzdb[location.ZoneId])
                .DistinctBy(ClockRules),
        ]);

    private static string ClockRules(DateTimeZone zone) =>
        string.Join(' ', zone.GetZoneIntervals(_comparedYears, ZoneEqualityComparer.Options.OnlyMatchWallOffset)
            .Select(interval => interval.HasStart ? interval.Start : Instant.MinValue)
            .Select(start => Instant.Max(start, _comparedYears.Start))
            .Select(since => $"{since} {zone.GetUtcOffset(since)}"));

    private static bool TryAdd(List<DateTimeZone> zones, string id)
    {
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(id);
        if (zone is null)
        {
            return false;
        }

        Add(zones, zone);
        return true;
    }

    private static void Add(List<DateTimeZone> zones, DateTimeZone zone)
    {
        if (!zones.Contains(zone))
        {
            zones.Add(zone);
        }
    }
}
