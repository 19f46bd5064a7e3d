using System.Globalization;

namespace LeadLedger.PhoneNumbers.Plans;

/// <summary>
/// How one region, or one calling code that belongs to no region, numbers its lines. Immutable; the tables for
/// formatting are made when first asked for.
/// </summary>
internal sealed class NumberingPlan
{
    private const int LongestNumber = 17;
    private const int KindCount = (int)NumberKind.NoInternationalDialling + 1;

    private readonly DigitAutomaton ranges;
    private readonly Lengths general;
    private readonly Lengths generalLocal;
    private readonly uint[] kindsByLength = new uint[LongestNumber + 1];
    private readonly string?[] examples = new string?[KindCount];
    private readonly uint present;
    private readonly bool sameMobileAndFixedLine;
    private readonly FormatSet national;
    private readonly FormatSet international;

    /// <param name="lines">The plan's lines of the embedded file, the first of them starting with R.</param>
    public NumberingPlan(string lines)
    {
        var records = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var head = Columns(records[0], 10);
        Id = head[1];
        CallingCode = int.Parse(head[2], NumberStyles.None, CultureInfo.InvariantCulture);
        InternationalPrefix = PrefixPattern.Parse(head[3]);
        NationalPrefix = head[4];
        NationalPrefixForParsing = PrefixPattern.Parse(head[5]);
        TransformBefore = head[6].Length == 0 ? null : LiteralOf(head[6], NationalPrefixForParsing!.Groups);
        ExtensionPrefix = head[7].Length == 0 ? " ext. " : head[7];
        sameMobileAndFixedLine = head[8].Length > 0;
        LeadingDigits = PrefixPattern.Parse(head[9]);

        var patterns = new DigitPattern?[KindCount];
        var nationalFormats = new List<string>();
        var internationalFormats = new List<string>();
        for (var line = 1; line < records.Length; line++)
        {
            var record = records[line];
            if (record[0] is 'F' or 'I')
            {
                (record[0] == 'F' ? nationalFormats : internationalFormats).Add(record);
                continue;
            }

            var kind = KindOf(record[0]);
            var columns = Columns(record, 5);
            patterns[(int)kind] = columns[1] switch
            {
                "" => null,
                "=" => patterns[(int)NumberKind.FixedLine],
                var pattern => DigitPattern.Parse(pattern),
            };
            examples[(int)kind] = columns[4].Length == 0 ? null : columns[4];
            present |= 1u << (int)kind;
            var lengths = Lengths.Parse(columns[2]);
            if (kind == NumberKind.General)
            {
                general = lengths;
                generalLocal = Lengths.Parse(columns[3]);
            }

            for (var length = 0; length <= LongestNumber; length++)
            {
                // A kind without lengths of its own is held to its pattern alone.
                kindsByLength[length] |= !lengths.Any || lengths.Contain(length) ? 1u << (int)kind : 0;
            }
        }

        ranges = DigitAutomaton.Build(patterns);
        national = new(nationalFormats);
        international = internationalFormats.Count == 0 ? national : new(internationalFormats);
    }

    /// <summary>Region code, or the calling code in digits where no region has it.</summary>
    public string Id { get; }

    public int CallingCode { get; }

    public PrefixPattern? InternationalPrefix { get; }

    public string NationalPrefix { get; }

    public PrefixPattern? NationalPrefixForParsing { get; }

    /// <summary>Digits that take the place of the national prefix, before what its last group held; null for none.</summary>
    public string? TransformBefore { get; }

    public string ExtensionPrefix { get; }

    /// <summary>First digits that alone tell this region from the others of its calling code.</summary>
    public PrefixPattern? LeadingDigits { get; }

    /// <summary>Region code as libphonenumber reports it: 001 where the calling code belongs to no region.</summary>
    public string Region => IsRegion ? Id : "001";

    public bool IsRegion => !char.IsAsciiDigit(Id[0]);

    internal int States => ranges.States;

    /// <summary>Matches the general pattern, whatever lengths the plan lists beside it.</summary>
    public bool MatchesGeneral(ReadOnlySpan<char> digits) => (ranges.MatchEntire(digits) & 1) == 1;

    public Possibility PossibilityOf(int length) =>
        generalLocal.Contain(length) ? Possibility.IsPossibleLocalOnly
        : general.Contain(length) ? Possibility.IsPossible
        : length < general.Shortest ? Possibility.TooShort
        : length > general.Longest ? Possibility.TooLong
        : Possibility.InvalidLength;

    public NumberType TypeOf(ReadOnlySpan<char> number)
    {
        var kinds = KindsOf(number);
        if (!Has(kinds, NumberKind.General))
        {
            return NumberType.Unknown;
        }

        if ((kinds & ~Bits(NumberKind.General, NumberKind.FixedLine, NumberKind.Mobile)) != 0)
        {
            var special = SpecialType(kinds);
            if (special != NumberType.Unknown)
            {
                return special;
            }
        }

        if (Has(kinds, NumberKind.FixedLine))
        {
            return sameMobileAndFixedLine || Has(kinds, NumberKind.Mobile)
                ? NumberType.FixedLineOrMobile
                : NumberType.FixedLine;
        }

        return !sameMobileAndFixedLine && Has(kinds, NumberKind.Mobile) ? NumberType.Mobile : NumberType.Unknown;
    }

    public bool CanBeDialledFromAbroad(ReadOnlySpan<char> number) =>
        !Has(KindsOf(number), NumberKind.NoInternationalDialling);

    public string? Example(NumberKind kind) => examples[(int)kind];

    public bool Describes(NumberKind kind) => Has(present, kind);

    public NumberFormat? ChooseFormat(ReadOnlySpan<char> number, bool atHome) =>
        (atHome ? national : international).Choose(number);

    private uint KindsOf(ReadOnlySpan<char> number) =>
        number.Length > LongestNumber ? 0 : ranges.MatchEntire(number) & kindsByLength[number.Length];

    /// <summary>Ranges overlap, and the order in which they are asked is libphonenumber's.</summary>
    private static NumberType SpecialType(uint kinds) =>
        Has(kinds, NumberKind.PremiumRate) ? NumberType.PremiumRate
        : Has(kinds, NumberKind.TollFree) ? NumberType.TollFree
        : Has(kinds, NumberKind.SharedCost) ? NumberType.SharedCost
        : Has(kinds, NumberKind.Voip) ? NumberType.Voip
        : Has(kinds, NumberKind.PersonalNumber) ? NumberType.PersonalNumber
        : Has(kinds, NumberKind.Pager) ? NumberType.Pager
        : Has(kinds, NumberKind.Uan) ? NumberType.Uan
        : Has(kinds, NumberKind.Voicemail) ? NumberType.Voicemail
        : NumberType.Unknown;

    private static bool Has(uint kinds, NumberKind kind) => (kinds >> (int)kind & 1) == 1;

    private static uint Bits(NumberKind one, NumberKind two, NumberKind three) =>
        1u << (int)one | 1u << (int)two | 1u << (int)three;

    private static NumberKind KindOf(char letter) => letter switch
    {
        'g' => NumberKind.General,
        'f' => NumberKind.FixedLine,
        'm' => NumberKind.Mobile,
        't' => NumberKind.TollFree,
        'p' => NumberKind.PremiumRate,
        's' => NumberKind.SharedCost,
        'n' => NumberKind.PersonalNumber,
        'v' => NumberKind.Voip,
        'b' => NumberKind.Pager,
        'u' => NumberKind.Uan,
        'o' => NumberKind.Voicemail,
        'x' => NumberKind.NoInternationalDialling,
        _ => throw new FormatException($"A line of a numbering plan begins with {letter}."),
    };

    private static string LiteralOf(string rule, int groups)
    {
        // Every rule of the metadata is some digits and then the last group; anything else must not pass unseen.
        var literal = rule[..^2];
        return rule[^2] == '$' && rule[^1] - '0' == groups && !literal.Contains('$', StringComparison.Ordinal)
            ? literal
            : throw new FormatException($"The transform rule {rule} is not understood.");
    }

    private static string[] Columns(string record, int count)
    {
        var columns = record.Split('\t');
        var found = columns.Length;
        Array.Resize(ref columns, count);
        Array.Fill(columns, "", Math.Min(found, count), Math.Max(0, count - found));
        return columns;
    }

    /// <summary>The formats of one list, and one table that answers which of them the first digits allow.</summary>
    private sealed class FormatSet(List<string> records)
    {
        private volatile Made? made;

        public NumberFormat? Choose(ReadOnlySpan<char> number)
        {
            var set = made ??= Made.From(records);
            var allowed = set.LeadingDigits.MatchPrefix(number);
            for (var format = 0; format < set.Formats.Length; format++)
            {
                if ((allowed >> format & 1) == 1 && set.Formats[format].Takes(number.Length))
                {
                    return set.Formats[format];
                }
            }

            return null;
        }

        private sealed record Made(NumberFormat[] Formats, DigitAutomaton LeadingDigits)
        {
            public static Made From(List<string> records)
            {
                NumberFormat[] formats =
                [
                    .. records.Select(record => Columns(record, 5))
                        .Select(column => new NumberFormat(column[1], column[2], column[3], column[4])),
                ];
                return formats.Length <= 32
                    ? new(formats, DigitAutomaton.Build([.. formats.Select(format => format.LeadingDigits)]))
                    : throw new FormatException("More formats than the table has bits.");
            }
        }
    }
}
