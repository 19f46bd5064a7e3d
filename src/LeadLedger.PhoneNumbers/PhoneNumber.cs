using System.Diagnostics.CodeAnalysis;
using LeadLedger.PhoneNumbers.Plans;
using LeadLedger.PhoneNumbers.Reading;
using LeadLedger.PhoneNumbers.TimeZones;

namespace LeadLedger.PhoneNumbers;

/// <summary>
/// A phone number: calling code, national significant number with its leading zeros, and extension. Immutable; two are
/// equal when all of these are. The identity of a line is <see cref="E164"/>; an extension is a person behind it.
/// </summary>
public sealed record PhoneNumber
{
    private const int LongestNational = 17;
    private readonly byte prefixLength;

    private PhoneNumber(string e164, int countryCode, int prefixLength, string? extension)
    {
        E164 = e164;
        CountryCode = countryCode;
        Extension = extension;
        this.prefixLength = (byte)prefixLength;
    }

    /// <summary>E.164 form without the extension, such as +12145550100.</summary>
    public string E164 { get; }

    /// <summary>Digits of the extension as they were written; null when there is none.</summary>
    public string? Extension { get; }

    /// <summary>Calling code: 1 for North America, 44 for the United Kingdom.</summary>
    public int CountryCode { get; }

    /// <summary>National significant number: all digits after the calling code, leading zeros included.</summary>
    public string NationalNumber => E164[prefixLength..];

    /// <summary>Region code such as US, 001 for a number of no region, null when it fits no plan of its calling code.</summary>
    public string? Region => NumberingPlans.Of(CountryCode, NationalDigits)?.Region;

    /// <summary>The number lies in a range that its plan has given out. Says nothing about a line being connected.</summary>
    public bool IsValid => Type != NumberType.Unknown;

    /// <summary>
    /// The number has the full length of its calling code. Stricter than libphonenumber's isPossibleNumber, which also
    /// takes a number without its area code; <see cref="Possibility"/> tells the two apart.
    /// </summary>
    public bool IsPossible => Possibility == Possibility.IsPossible;

    public Possibility Possibility =>
        NumberingPlans.Main(CountryCode)?.PossibilityOf(NationalDigits.Length) ?? Possibility.InvalidCountryCode;

    public NumberType Type => NumberingPlans.Of(CountryCode, NationalDigits)?.TypeOf(NationalDigits) ?? NumberType.Unknown;

    /// <summary>
    /// Whether a text may reach the number, as far as its plan tells: mobile, or not told apart from mobile. Numbers of
    /// no known range count as reachable when their length is right, since plans grow faster than their metadata.
    /// </summary>
    public bool CanReceiveText => Type switch
    {
        NumberType.Mobile or NumberType.FixedLineOrMobile => true,
        NumberType.Unknown => IsPossible,
        _ => false,
    };

    /// <summary>
    /// IANA ids of every zone the number may be in, in alphabetical order; the same list object for every number of a
    /// zone set. Empty when the number does not tell: toll-free and other numbers without a place in North America, and
    /// area codes newer than the data.
    /// </summary>
    public IReadOnlyList<string> TimeZones => ZoneMap.Of(this);

    internal ReadOnlySpan<char> NationalDigits => E164.AsSpan(prefixLength);

    internal ReadOnlySpan<char> AllDigits => E164.AsSpan(1);

    public bool Equals(PhoneNumber? other) =>
        other is not null
        && string.Equals(E164, other.E164, StringComparison.Ordinal)
        && string.Equals(Extension, other.Extension, StringComparison.Ordinal);

    public override int GetHashCode() => HashCode.Combine(E164, Extension);

    public override string ToString() => E164;

    public string Format(PhoneNumberFormat format) => NumberWriter.Write(this, format);

    /// <summary>Valid, and of that region and no other that shares its calling code.</summary>
    public bool IsValidFor(string region)
    {
        var plan = region == "001" ? NumberingPlans.ForCallingCodeAlone(CountryCode) : NumberingPlans.ForRegion(region);
        return plan is not null && plan.CallingCode == CountryCode && plan.TypeOf(NationalDigits) != NumberType.Unknown;
    }

    /// <summary>Reads a written number; false with the reason, never an exception.</summary>
    /// <param name="text">
    /// As written: national, international, tel: URI, with punctuation or extension. A form that lost the plus of an
    /// international number to a space is understood where the text as it stands is no valid number.
    /// </param>
    /// <param name="region">Default region code for national forms, such as US.</param>
    public static bool TryParse(
        string? text, string region, [NotNullWhen(true)] out PhoneNumber? number, out ParseError error)
    {
        var read = TryRead(text, region, out number, out error);
        if (text is not [' ', ..] || (read && number!.IsValid))
        {
            return read;
        }

        var digits = text.AsSpan().TrimStart(' ');
        if (digits.IsEmpty || Signs.DigitValue(digits[0]) < 0 || digits.Length > NumberReader.LongestText
            || !TryRead($"+{digits}", region, out var international, out _) || !international.IsValid)
        {
            return read;
        }

        number = international;
        error = ParseError.None;
        return true;
    }

    /// <summary>A number from its own <see cref="E164"/>, for values stored earlier. Nothing is stripped or guessed.</summary>
    /// <exception cref="FormatException">The text is not a plus, a known calling code and 2 to 17 digits.</exception>
    public static PhoneNumber FromE164(string e164)
    {
        ArgumentNullException.ThrowIfNull(e164);
        if (e164 is ['+', .. var digits] && !digits.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            var code = NumberingPlans.CallingCodeOf(digits, out var length);
            if (code != 0 && digits.Length - length is >= 2 and <= LongestNational)
            {
                return new(e164, code, 1 + length, null);
            }
        }

        throw new FormatException("The text is not a phone number in E.164 form.");
    }

    /// <summary>Reads exactly as libphonenumber does, without the leniency of <see cref="TryParse"/>.</summary>
    internal static bool TryRead(
        string? text, string? region, [NotNullWhen(true)] out PhoneNumber? number, out ParseError error)
    {
        number = null;
        if (text is null)
        {
            error = ParseError.NotANumber;
            return false;
        }

        var home = NumberingPlans.ForRegion(region);
        Span<char> digits = stackalloc char[LongestNational];
        error = NumberReader.Read(text, home, home?.IsRegion == true, true, digits, out var read);
        if (error != ParseError.None)
        {
            return false;
        }

        Span<char> e164 = stackalloc char[LongestNational + 4];
        e164[0] = '+';
        read.CallingCode.TryFormat(e164[1..], out var length, provider: System.Globalization.CultureInfo.InvariantCulture);
        digits[..read.Length].CopyTo(e164[(1 + length)..]);
        number = new(e164[..(1 + length + read.Length)].ToString(), read.CallingCode, 1 + length, read.Extension);
        return true;
    }
}
