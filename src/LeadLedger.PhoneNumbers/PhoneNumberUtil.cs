using System.Diagnostics.CodeAnalysis;
using LeadLedger.PhoneNumbers.Plans;
using LeadLedger.PhoneNumbers.Reading;

namespace LeadLedger.PhoneNumbers;

/// <summary>
/// What a user of libphonenumber looks for by its name, and what <see cref="PhoneNumber"/> has no room for: matching,
/// example numbers, the list of regions. Reads exactly as libphonenumber does, lost plus signs included.
/// </summary>
public static class PhoneNumberUtil
{
    private const int MostDigits = 17;

    /// <summary>Regions that have a numbering plan, as two-letter codes.</summary>
    public static IReadOnlyCollection<string> SupportedRegions { get; } = [.. NumberingPlans.Regions];

    /// <summary>All calling codes, those of no region among them.</summary>
    public static IReadOnlyCollection<int> SupportedCallingCodes { get; } = [.. NumberingPlans.CallingCodes];

    /// <summary>Whose metadata this is: source with version and sha256, and licence.</summary>
    public static IReadOnlyList<string> Provenance => NumberingPlans.Provenance;

    public static bool TryParse(
        string? text, string? defaultRegion, [NotNullWhen(true)] out PhoneNumber? number, out ParseError error) =>
        PhoneNumber.TryRead(text, defaultRegion, out number, out error);

    public static string Format(PhoneNumber number, PhoneNumberFormat format) => number.Format(format);

    public static bool IsValidNumber(PhoneNumber number) => number.IsValid;

    public static bool IsValidNumberForRegion(PhoneNumber number, string region) => number.IsValidFor(region);

    public static Possibility IsPossibleNumberWithReason(PhoneNumber number) => number.Possibility;

    /// <summary>A number without its area code is possible here, as it is in libphonenumber.</summary>
    public static bool IsPossibleNumber(PhoneNumber number) =>
        number.Possibility is Possibility.IsPossible or Possibility.IsPossibleLocalOnly;

    public static NumberType GetNumberType(PhoneNumber number) => number.Type;

    public static string? GetRegionCodeForNumber(PhoneNumber number) => number.Region;

    /// <summary>Calling code of a region; 0 for an unknown region.</summary>
    public static int GetCountryCodeForRegion(string region) =>
        NumberingPlans.ForRegion(region) is { IsRegion: true } plan ? plan.CallingCode : 0;

    /// <summary>Main region of a calling code, 001 when it belongs to none; null for an unknown code.</summary>
    public static string? GetRegionCodeForCountryCode(int callingCode) =>
        callingCode is > 0 and < 1000 ? NumberingPlans.Main(callingCode)?.Region : null;

    /// <summary>False for numbers, mostly toll-free, that only their own country can dial.</summary>
    public static bool CanBeInternationallyDialled(PhoneNumber number) =>
        NumberingPlans.Of(number.CountryCode, number.NationalDigits) is not { IsRegion: true } plan
        || plan.CanBeDialledFromAbroad(number.NationalDigits);

    /// <summary>A number that looks real for its region and type; null where the plan has no such numbers.</summary>
    public static PhoneNumber? GetExampleNumber(string region, NumberType type = NumberType.FixedLine) =>
        NumberingPlans.ForRegion(region) is { IsRegion: true } plan
        && plan.Example(KindOf(type)) is { } example
        && TryParse(example, region, out var number, out _)
            ? number
            : null;

    /// <summary>The same for a calling code that belongs to no region, such as 800.</summary>
    public static PhoneNumber? GetExampleNumberForNonGeoEntity(int callingCode)
    {
        NumberKind[] kinds =
        [
            NumberKind.Mobile, NumberKind.TollFree, NumberKind.SharedCost, NumberKind.Voip, NumberKind.Voicemail,
            NumberKind.Uan, NumberKind.PremiumRate,
        ];
        var plan = NumberingPlans.ForCallingCodeAlone(callingCode);
        var example = plan is null ? null : kinds.Select(plan.Example).FirstOrDefault(found => found is not null);
        return example is not null && TryParse($"+{callingCode}{example}", null, out var number, out _) ? number : null;
    }

    public static NumberMatch IsNumberMatch(PhoneNumber first, PhoneNumber second) =>
        NumberMatcher.Match(Loose.Of(first), Loose.Of(second));

    /// <summary>Compares a written number with a known one; without a calling code the known one's is assumed.</summary>
    public static NumberMatch IsNumberMatch(PhoneNumber first, string second) => NumberMatcher.Match(second, first);

    public static NumberMatch IsNumberMatch(string first, string second) => NumberMatcher.Match(first, second);

    internal static NumberKind KindOf(NumberType type) => type switch
    {
        NumberType.FixedLine or NumberType.FixedLineOrMobile => NumberKind.FixedLine,
        NumberType.Mobile => NumberKind.Mobile,
        NumberType.TollFree => NumberKind.TollFree,
        NumberType.PremiumRate => NumberKind.PremiumRate,
        NumberType.SharedCost => NumberKind.SharedCost,
        NumberType.Voip => NumberKind.Voip,
        NumberType.PersonalNumber => NumberKind.PersonalNumber,
        NumberType.Pager => NumberKind.Pager,
        NumberType.Uan => NumberKind.Uan,
        NumberType.Voicemail => NumberKind.Voicemail,
        _ => NumberKind.General,
    };

    /// <summary>A number that may lack its calling code.</summary>
    internal readonly record struct Loose(int CallingCode, string National, string? Extension)
    {
        public static Loose Of(PhoneNumber number) => new(number.CountryCode, number.NationalNumber, number.Extension);

        /// <summary>Reads digits without any region; a number in national form has no calling code then.</summary>
        public static bool TryRead(string text, out Loose number)
        {
            Span<char> digits = stackalloc char[MostDigits];
            var error = NumberReader.Read(text, null, false, false, digits, out var read);
            number = error == ParseError.None
                ? new(read.CallingCode, digits[..read.Length].ToString(), read.Extension)
                : default;
            return error == ParseError.None;
        }
    }
}
