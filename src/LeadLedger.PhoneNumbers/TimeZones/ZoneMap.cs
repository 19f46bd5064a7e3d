using LeadLedger.PhoneNumbers.Plans;

namespace LeadLedger.PhoneNumbers.TimeZones;

/// <summary>
/// Candidate time zones by the longest known prefix of a number. The embedded map is libphonenumber's with the
/// corrections that sending at a permitted hour needs, made when it is packed: see tools/phone-metadata.
/// </summary>
internal static class ZoneMap
{
    /// <summary>Countries whose mobile numbers carry an area code: Mexico, Argentina, Brazil.</summary>
    private static readonly int[] CountriesWithMobileAreaCodes = [52, 54, 55];

    private static readonly IReadOnlyList<string> Unknown = [];
    private static readonly PrefixTable Table = Read();

    public static IReadOnlyList<IReadOnlyList<string>> AllSets => Table.Values;

    public static IReadOnlyList<string> Of(PhoneNumber number)
    {
        var digits = number.AllDigits;
        var callingCode = digits[..^number.NationalDigits.Length];
        var found = number.Type switch
        {
            NumberType.Unknown => null,
            NumberType.FixedLine or NumberType.FixedLineOrMobile => Table.LongestPrefix(digits),
            NumberType.Mobile when Array.IndexOf(CountriesWithMobileAreaCodes, number.CountryCode) >= 0 =>
                Table.LongestPrefix(digits),
            _ => Table.LongestPrefix(callingCode),
        };
        return found ?? Unknown;
    }

    private static PrefixTable Read()
    {
        using var stream = typeof(NumberingPlans).Assembly.GetManifestResourceStream("time-zones.txt")!;
        using var reader = new StreamReader(stream);
        var table = new PrefixTable();
        while (reader.ReadLine() is { } line)
        {
            if (line[0] == '#')
            {
                continue;
            }

            var columns = line.Split('\t');
            table.Add(Array.AsReadOnly(columns[0].Split('&')), columns[1].Split(','));
        }

        return table;
    }
}
