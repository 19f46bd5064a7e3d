using LeadLedger.PhoneNumbers.Plans;

namespace LeadLedger.PhoneNumbers.TimeZones;

/// <summary>
/// Candidate time zones by the longest known prefix of a number, from libphonenumber's map with the corrections that
/// sending at a permitted hour needs: where the map guesses one zone of several, all of them are answered.
/// </summary>
internal static class ZoneMap
{
    private const int NorthAmerica = 1;
    private const int AreaPrefixLength = 4;

    /// <summary>Countries whose mobile numbers carry an area code: Mexico, Argentina, Brazil.</summary>
    private static readonly int[] CountriesWithMobileAreaCodes = [52, 54, 55];

    private static readonly IReadOnlyList<string> Unknown = [];
    private static readonly PrefixTable Table = Read();

    public static IEnumerable<IReadOnlyList<string>> AllSets => Table.Values;

    public static IReadOnlyList<string> Of(PhoneNumber number)
    {
        var geographic = number.Type switch
        {
            NumberType.Unknown => (bool?)null,
            NumberType.FixedLine or NumberType.FixedLineOrMobile => true,
            NumberType.Mobile => CountriesWithMobileAreaCodes.Contains(number.CountryCode),
            _ => false,
        };
        if (geographic is null)
        {
            return Unknown;
        }

        var digits = number.AllDigits;
        return Table.LongestPrefix(geographic.Value ? digits : digits[..^number.NationalDigits.Length]) ?? Unknown;
    }

    private static PrefixTable Read()
    {
        using var stream = typeof(NumberingPlans).Assembly.GetManifestResourceStream("time-zones.txt")!;
        using var reader = new StreamReader(stream);
        var rows = new Dictionary<string, string[]>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line[0] == '#')
            {
                continue;
            }

            var columns = line.Split('\t');
            var zones = columns[0].Split('&');
            foreach (var prefix in columns[1].Split(','))
            {
                rows.Add(prefix, zones);
            }
        }

        Correct(rows);
        return new(rows);
    }

    private static void Correct(Dictionary<string, string[]> rows)
    {
        // The row of calling code 1 lists every zone from Guam to Bermuda. It is met by toll-free numbers and by area
        // codes newer than the map, and says only that nothing is known.
        rows.Remove("1");

        // Newfoundland and Labrador: Puerto Rico stands in its row by mistake.
        rows["1709"] = [.. rows["1709"].Where(zone => zone != "America/Puerto_Rico")];

        // Some area codes are cut by exchange, and an exchange that is not listed gets the area's most common zone, or
        // none at all. Such a number may be anywhere in its area.
        var cutAreas = rows
            .Where(row => row.Key.Length > AreaPrefixLength && row.Key[0] == '0' + NorthAmerica)
            .GroupBy(row => row.Key[..AreaPrefixLength], row => row.Value, StringComparer.Ordinal)
            .ToList();
        foreach (var area in cutAreas)
        {
            rows[area.Key] =
            [
                .. area.SelectMany(zones => zones).Concat(rows.GetValueOrDefault(area.Key, []))
                    .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            ];
        }
    }
}
