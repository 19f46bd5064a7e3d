namespace LeadLedger.PhoneNumbers.Reading;

/// <summary>Cuts away what stands before and after a number in a text, and a second number after a slash.</summary>
internal static class TextBounds
{
    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text)
    {
        var begin = 0;
        while (begin < text.Length && !Signs.Is(text[begin], Signs.Sign.Plus | Signs.Sign.Digit))
        {
            begin++;
        }

        var end = text.Length;
        while (end > begin && !Signs.Is(text[end - 1], Signs.Sign.Digit | Signs.Sign.Letter | Signs.Sign.Hash))
        {
            end--;
        }

        text = text[begin..end];
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is '/' or '\\' && BlanksThenX(text[(at + 1)..]))
            {
                return text[..at];
            }
        }

        return text;
    }

    /// <summary>As in 530-583-6985 302/x2303: an extension that belongs to somebody else.</summary>
    private static bool BlanksThenX(ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart(' ');
        return !rest.IsEmpty && rest[0] == 'x';
    }
}
