namespace LeadLedger.PhoneNumbers.Reading;

/// <summary>Whether a text has the shape of a phone number at all, before any plan is asked.</summary>
internal static class Viability
{
    private const int DigitsBeforeLetters = 3;

    /// <summary>
    /// Two digits alone; or pluses, then three digits among punctuation, then digits, letters and punctuation, then at
    /// most one extension.
    /// </summary>
    public static bool IsViable(ReadOnlySpan<char> text)
    {
        if (text.Length == 2 && Signs.DigitValue(text[0]) >= 0 && Signs.DigitValue(text[1]) >= 0)
        {
            return true;
        }

        var at = 0;
        while (at < text.Length && Signs.Is(text[at], Signs.Sign.Plus))
        {
            at++;
        }

        var digits = 0;
        while (at < text.Length && digits < DigitsBeforeLetters)
        {
            var sign = Signs.Of(text[at]);
            if ((sign & (Signs.Sign.Digit | Signs.Sign.Punctuation | Signs.Sign.Star)) == 0)
            {
                return false;
            }

            digits += (sign & Signs.Sign.Digit) != 0 ? 1 : 0;
            at++;
        }

        if (digits < DigitsBeforeLetters)
        {
            return false;
        }

        var thirdDigitEnd = at;
        const Signs.Sign Body = Signs.Sign.Digit | Signs.Sign.Punctuation | Signs.Sign.Star | Signs.Sign.Letter;
        while (at < text.Length && Signs.Is(text[at], Body))
        {
            at++;
        }

        return at == text.Length || ExtensionReader.BeginsBetween(text, thirdDigitEnd, at);
    }
}
