namespace LeadLedger.PhoneNumbers.Reading;

/// <summary>The phone-context of a tel: URI (RFC 3966): a global number prefix or a domain name.</summary>
internal static class PhoneContexts
{
    public static bool IsValid(ReadOnlySpan<char> context) => IsGlobalNumber(context) || IsDomainName(context);

    private static bool IsGlobalNumber(ReadOnlySpan<char> context)
    {
        if (context.IsEmpty || context[0] != '+')
        {
            return false;
        }

        var digits = 0;
        foreach (var c in context[1..])
        {
            if (Signs.DigitValue(c) >= 0)
            {
                digits++;
            }
            else if (c is not ('-' or '.' or '(' or ')'))
            {
                return false;
            }
        }

        return digits > 0;
    }

    private static bool IsDomainName(ReadOnlySpan<char> context)
    {
        if (!context.IsEmpty && context[^1] == '.')
        {
            context = context[..^1];
        }

        if (context.IsEmpty)
        {
            return false;
        }

        var last = default(ReadOnlySpan<char>);
        foreach (var range in context.Split('.'))
        {
            last = context[range];
            if (last.IsEmpty || last[0] == '-' || last[^1] == '-')
            {
                return false;
            }

            foreach (var c in last)
            {
                if (c != '-' && !char.IsAsciiLetter(c) && Signs.DigitValue(c) < 0)
                {
                    return false;
                }
            }
        }

        return char.IsAsciiLetter(last[0]);
    }
}
