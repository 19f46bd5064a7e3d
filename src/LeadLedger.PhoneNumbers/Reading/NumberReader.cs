using LeadLedger.PhoneNumbers.Plans;

namespace LeadLedger.PhoneNumbers.Reading;

/// <summary>
/// Reads a written number in the steps of libphonenumber: find where it begins and ends, cut off the extension, find
/// the calling code, drop the national prefix. Works on the stack; the text is at most 250 characters.
/// </summary>
internal static class NumberReader
{
    internal const int LongestText = 250;
    private const int LeastDigits = 2;
    private const int MostDigits = 17;

    /// <summary>A transform rule may put an area code in front, so the result can be longer than what was written.</summary>
    private const int LongestTransform = 8;
    private const string PhoneContext = ";phone-context=";
    private const string SubAddress = ";isub=";
    private const string UriScheme = "tel:";

    /// <summary>Reads the text; the digits of the national number are written to <paramref name="national"/>.</summary>
    /// <param name="text">As written by somebody.</param>
    /// <param name="home">Plan of the default region; null reads international forms only.</param>
    /// <param name="homeIsRegion">Whether the default region is a region, and not a calling code without one.</param>
    /// <param name="requireCallingCode">False reads digits without any calling code when there is no region.</param>
    public static ParseError Read(
        ReadOnlySpan<char> text,
        NumberingPlan? home,
        bool homeIsRegion,
        bool requireCallingCode,
        Span<char> national,
        out ReadNumber number)
    {
        number = default;
        if (text.Length > LongestText)
        {
            return ParseError.TooLong;
        }

        var contextAt = text.IndexOf(PhoneContext, StringComparison.Ordinal);
        Span<char> assembled = stackalloc char[contextAt < 0 ? 0 : 2 * text.Length];
        if (!TryLocate(text, contextAt, assembled, out var written) || !Viability.IsViable(written))
        {
            return ParseError.NotANumber;
        }

        if (requireCallingCode && !homeIsRegion && !StartsWithPlus(written))
        {
            return ParseError.InvalidCountryCode;
        }

        var extension = "";
        var extensionAt = ExtensionReader.Find(written, out var extensionDigits);
        if (extensionAt >= 0 && Viability.IsViable(written[..extensionAt]))
        {
            extension = written[extensionDigits].ToString();
            written = written[..extensionAt];
        }

        Span<char> buffer = stackalloc char[written.Length + LongestTransform];
        var error = ReadCallingCode(written, home, buffer, out var digits, out var callingCode);
        if (error == ParseError.InvalidCountryCode && StartsWithPlus(written))
        {
            // A plus in front of a national number is a common slip; without the plus the home plan may know it.
            error = ReadCallingCode(WithoutPlus(written), home, buffer, out digits, out callingCode);
            if (error == ParseError.None && callingCode == 0)
            {
                error = ParseError.InvalidCountryCode;
            }
        }

        if (error != ParseError.None)
        {
            return error;
        }

        var plan = callingCode == 0 ? home : NumberingPlans.Main(callingCode);
        if (digits.Length < LeastDigits)
        {
            return ParseError.TooShort;
        }

        Span<char> stripped = stackalloc char[digits.Length + LongestTransform];
        if (plan is not null && StripNationalPrefix(digits, plan, stripped, out var shorter))
        {
            var possibility = plan.PossibilityOf(shorter.Length);
            if (possibility is Possibility.IsPossible or Possibility.TooLong)
            {
                digits = shorter;
            }
        }

        if (digits.Length is < LeastDigits or > MostDigits)
        {
            return digits.Length < LeastDigits ? ParseError.TooShort : ParseError.TooLong;
        }

        digits.CopyTo(national);
        number = new(plan?.CallingCode ?? 0, digits.Length, extension.Length == 0 ? null : extension);
        return ParseError.None;
    }

    /// <summary>
    /// The part of the text that is the number. A tel: URI may carry the beginning of the number in its phone-context,
    /// and only then are two pieces put together in <paramref name="assembled"/>.
    /// </summary>
    private static bool TryLocate(
        ReadOnlySpan<char> text, int contextAt, Span<char> assembled, out ReadOnlySpan<char> written)
    {
        if (contextAt < 0)
        {
            written = TextBounds.Trim(text);
        }
        else
        {
            var context = text[(contextAt + PhoneContext.Length)..];
            var contextEnd = context.IndexOf(';');
            context = contextEnd < 0 ? context : context[..contextEnd];
            if (!PhoneContexts.IsValid(context))
            {
                written = default;
                return false;
            }

            var length = 0;
            if (context[0] == '+')
            {
                context.CopyTo(assembled);
                length = context.Length;
            }

            var scheme = text.IndexOf(UriScheme, StringComparison.Ordinal);
            var begin = scheme < 0 ? 0 : scheme + UriScheme.Length;
            var local = begin <= contextAt ? text[begin..contextAt] : text[contextAt..begin];
            local.CopyTo(assembled[length..]);
            written = assembled[..(length + local.Length)];
        }

        var subAddressAt = written.IndexOf(SubAddress, StringComparison.Ordinal);
        if (subAddressAt > 0)
        {
            written = written[..subAddressAt];
        }

        return true;
    }

    /// <summary>
    /// Finds the calling code in the text and answers the digits after it; calling code 0 and all digits when the
    /// number is in national form.
    /// </summary>
    private static ParseError ReadCallingCode(
        ReadOnlySpan<char> written,
        NumberingPlan? home,
        Span<char> buffer,
        out ReadOnlySpan<char> national,
        out int callingCode)
    {
        var international = StartsWithPlus(written);
        ReadOnlySpan<char> digits = Normalise(international ? WithoutPlus(written) : written, buffer);
        national = digits;
        callingCode = 0;
        if (!international)
        {
            international = TryStripInternationalPrefix(ref digits, home);
        }

        if (international)
        {
            if (digits.Length <= LeastDigits)
            {
                return ParseError.TooShortAfterIdd;
            }

            callingCode = NumberingPlans.CallingCodeOf(digits, out var length);
            national = digits[length..];
            return callingCode == 0 ? ParseError.InvalidCountryCode : ParseError.None;
        }

        if (home is not null && StartsWithCallingCode(digits, home.CallingCode, out var rest))
        {
            Span<char> stripped = stackalloc char[rest.Length + LongestTransform];
            var potential = StripNationalPrefix(rest, home, stripped, out var shorter) ? shorter : rest;
            if ((!home.MatchesGeneral(digits) && home.MatchesGeneral(potential))
                || home.PossibilityOf(digits.Length) == Possibility.TooLong)
            {
                potential.CopyTo(buffer);
                national = buffer[..potential.Length];
                callingCode = home.CallingCode;
            }
        }

        return ParseError.None;
    }

    private static bool TryStripInternationalPrefix(ref ReadOnlySpan<char> digits, NumberingPlan? home)
    {
        var length = home?.InternationalPrefix?.Match(digits, out _) ?? -1;

        // No calling code begins with 0, so a 0 after the prefix means that it was none.
        if (length < 0 || (length < digits.Length && digits[length] == '0'))
        {
            return false;
        }

        digits = digits[length..];
        return true;
    }

    private static bool StartsWithCallingCode(ReadOnlySpan<char> digits, int callingCode, out ReadOnlySpan<char> rest)
    {
        Span<char> code = stackalloc char[3];
        callingCode.TryFormat(code, out var length, provider: System.Globalization.CultureInfo.InvariantCulture);
        var starts = digits.StartsWith(code[..length]);
        rest = starts ? digits[length..] : digits;
        return starts;
    }

    /// <summary>
    /// Takes the national prefix and a carrier code off, or puts in their place what the plan wants there. Leaves a
    /// number alone that fits the plan as it is and would no longer fit it after.
    /// </summary>
    private static bool StripNationalPrefix(
        ReadOnlySpan<char> digits, NumberingPlan plan, Span<char> buffer, out ReadOnlySpan<char> stripped)
    {
        stripped = digits;
        if (digits.IsEmpty || plan.NationalPrefixForParsing is not { } prefix)
        {
            return false;
        }

        var length = prefix.Match(digits, out var group);
        if (length < 0)
        {
            return false;
        }

        var captured = digits[group];
        ReadOnlySpan<char> result;
        if (plan.TransformBefore is { } before && !captured.IsEmpty)
        {
            before.CopyTo(buffer);
            captured.CopyTo(buffer[before.Length..]);
            digits[length..].CopyTo(buffer[(before.Length + captured.Length)..]);
            result = buffer[..(before.Length + captured.Length + digits.Length - length)];
        }
        else
        {
            result = digits[length..];
        }

        if (plan.MatchesGeneral(digits) && !plan.MatchesGeneral(result))
        {
            return false;
        }

        stripped = result;
        return true;
    }

    /// <summary>Digits of any script as ASCII; letters too, by their key, when there are at least three of them.</summary>
    private static ReadOnlySpan<char> Normalise(ReadOnlySpan<char> written, Span<char> digits)
    {
        var letters = 0;
        foreach (var c in written)
        {
            letters += char.IsAsciiLetter(c) ? 1 : 0;
        }

        var length = 0;
        foreach (var c in written)
        {
            var value = Signs.DigitValue(c);
            value = value < 0 && letters >= 3 ? Signs.KeypadValue(c) : value;
            if (value >= 0)
            {
                digits[length++] = (char)('0' + value);
            }
        }

        return digits[..length];
    }

    private static bool StartsWithPlus(ReadOnlySpan<char> written) =>
        !written.IsEmpty && Signs.Is(written[0], Signs.Sign.Plus);

    private static ReadOnlySpan<char> WithoutPlus(ReadOnlySpan<char> written)
    {
        while (StartsWithPlus(written))
        {
            written = written[1..];
        }

        return written;
    }
}
