using LeadLedger.PhoneNumbers.Plans;

namespace LeadLedger.PhoneNumbers;

/// <summary>Compares numbers of which one or both may be incomplete.</summary>
internal static class NumberMatcher
{
    public static NumberMatch Match(string first, string second)
    {
        if (PhoneNumber.TryRead(first, null, out var number, out var error))
        {
            return Match(second, number);
        }

        // A plus before an unknown calling code is no number even without a calling code, whatever the other text is.
        if (error != ParseError.InvalidCountryCode || !PhoneNumberUtil.Loose.TryRead(first, out var one))
        {
            return NumberMatch.NotANumber;
        }

        if (PhoneNumber.TryRead(second, null, out number, out error))
        {
            return Match(first, number);
        }

        return error == ParseError.InvalidCountryCode && PhoneNumberUtil.Loose.TryRead(second, out var other)
            ? Match(one, other)
            : NumberMatch.NotANumber;
    }

    public static NumberMatch Match(string text, PhoneNumber known)
    {
        if (PhoneNumber.TryRead(text, null, out var number, out var error))
        {
            return Match(PhoneNumberUtil.Loose.Of(number), PhoneNumberUtil.Loose.Of(known));
        }

        if (error != ParseError.InvalidCountryCode)
        {
            return NumberMatch.NotANumber;
        }

        // A calling code of no region cannot serve as the region of a national form.
        var region = NumberingPlans.Main(known.CountryCode)!.Region;
        if (!PhoneNumber.TryRead(text, region, out number, out _))
        {
            return NumberMatch.NotANumber;
        }

        var match = Match(PhoneNumberUtil.Loose.Of(number), PhoneNumberUtil.Loose.Of(known));
        return match == NumberMatch.ExactMatch ? NumberMatch.NsnMatch : match;
    }

    public static NumberMatch Match(PhoneNumberUtil.Loose first, PhoneNumberUtil.Loose second)
    {
        if (first.Extension is not null && second.Extension is not null && first.Extension != second.Extension)
        {
            return NumberMatch.NoMatch;
        }

        var same = first.National == second.National && first.Extension == second.Extension;
        if (first.CallingCode != 0 && second.CallingCode != 0)
        {
            return first.CallingCode != second.CallingCode ? NumberMatch.NoMatch
                : same ? NumberMatch.ExactMatch
                : OneEndsTheOther(first, second) ? NumberMatch.ShortNsnMatch
                : NumberMatch.NoMatch;
        }

        return same ? NumberMatch.NsnMatch
            : OneEndsTheOther(first, second) ? NumberMatch.ShortNsnMatch
            : NumberMatch.NoMatch;
    }

    /// <summary>Leading zeros are no part of this comparison.</summary>
    private static bool OneEndsTheOther(PhoneNumberUtil.Loose first, PhoneNumberUtil.Loose second)
    {
        var one = WithoutZeros(first.National);
        var other = WithoutZeros(second.National);
        return one.EndsWith(other) || other.EndsWith(one);
    }

    private static ReadOnlySpan<char> WithoutZeros(string national)
    {
        var digits = national.AsSpan().TrimStart('0');
        return digits.IsEmpty ? "0" : digits;
    }
}
