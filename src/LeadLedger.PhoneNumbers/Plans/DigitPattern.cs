namespace LeadLedger.PhoneNumbers.Plans;

/// <summary>
/// The syntax tree of one pattern of the metadata: digits, \d, classes, groups, alternatives and bounded repeats.
/// Nothing unbounded can be written in it, so whatever is built from it does a bounded amount of work.
/// </summary>
internal sealed class DigitPattern
{
    private DigitPattern(Shape shape) => Kind = shape;

    internal enum Shape
    {
        /// <summary>One digit out of <see cref="Digits"/>.</summary>
        Digit,
        Sequence,
        Alternatives,

        /// <summary>The only part, <see cref="Least"/> to <see cref="Most"/> times.</summary>
        Repeat,

        /// <summary>A capturing group around the only part.</summary>
        Group,

        /// <summary>The end of the text.</summary>
        End,
    }

    public Shape Kind { get; }

    /// <summary>Bit d is set when the digit d fits.</summary>
    public int Digits { get; private init; }

    public int Least { get; private init; }

    public int Most { get; private init; }

    public IReadOnlyList<DigitPattern> Parts { get; private init; } = [];

    /// <exception cref="FormatException">The metadata uses something this reader does not know.</exception>
    public static DigitPattern Parse(ReadOnlySpan<char> text)
    {
        var at = 0;
        var pattern = ReadAlternatives(text, ref at);
        return at == text.Length ? pattern : throw Unknown(text, at);
    }

    private static DigitPattern ReadAlternatives(ReadOnlySpan<char> text, ref int at)
    {
        var first = ReadSequence(text, ref at);
        if (at == text.Length || text[at] != '|')
        {
            return first;
        }

        var branches = new List<DigitPattern> { first };
        while (at < text.Length && text[at] == '|')
        {
            at++;
            branches.Add(ReadSequence(text, ref at));
        }

        return new(Shape.Alternatives) { Parts = branches };
    }

    private static DigitPattern ReadSequence(ReadOnlySpan<char> text, ref int at)
    {
        var parts = new List<DigitPattern>();
        while (at < text.Length && text[at] is not ('|' or ')'))
        {
            parts.Add(ReadRepeat(text, ref at));
        }

        return parts.Count == 1 ? parts[0] : new(Shape.Sequence) { Parts = parts };
    }

    private static DigitPattern ReadRepeat(ReadOnlySpan<char> text, ref int at)
    {
        var part = ReadAtom(text, ref at);
        if (at < text.Length && text[at] == '?')
        {
            at++;
            return new(Shape.Repeat) { Parts = [part], Least = 0, Most = 1 };
        }

        if (at < text.Length && text[at] == '{')
        {
            at++;
            var least = ReadCount(text, ref at);
            var most = least;
            if (text[at] == ',')
            {
                at++;
                most = ReadCount(text, ref at);
            }

            Expect(text, ref at, '}');
            return new(Shape.Repeat) { Parts = [part], Least = least, Most = most };
        }

        return part;
    }

    private static DigitPattern ReadAtom(ReadOnlySpan<char> text, ref int at)
    {
        switch (text[at])
        {
            case >= '0' and <= '9':
                return new(Shape.Digit) { Digits = 1 << (text[at++] - '0') };
            case '\\' when text[at + 1] == 'd':
                at += 2;
                return new(Shape.Digit) { Digits = 0x3FF };
            case '[':
                return ReadClass(text, ref at);
            case '$':
                at++;
                return new(Shape.End);
            case '(':
                at++;
                var capturing = text[at] != '?';
                if (!capturing)
                {
                    at++;
                    Expect(text, ref at, ':');
                }

                var inner = ReadAlternatives(text, ref at);
                Expect(text, ref at, ')');
                return capturing ? new(Shape.Group) { Parts = [inner] } : inner;
            default:
                throw Unknown(text, at);
        }
    }

    private static DigitPattern ReadClass(ReadOnlySpan<char> text, ref int at)
    {
        at++;
        var digits = 0;
        while (text[at] != ']')
        {
            var first = ReadDigit(text, ref at);
            var last = first;
            if (text[at] == '-')
            {
                at++;
                last = ReadDigit(text, ref at);
            }

            for (var digit = first; digit <= last; digit++)
            {
                digits |= 1 << digit;
            }
        }

        at++;
        return new(Shape.Digit) { Digits = digits };
    }

    private static int ReadDigit(ReadOnlySpan<char> text, ref int at) =>
        char.IsAsciiDigit(text[at]) ? text[at++] - '0' : throw Unknown(text, at);

    private static int ReadCount(ReadOnlySpan<char> text, ref int at)
    {
        var count = ReadDigit(text, ref at);
        while (char.IsAsciiDigit(text[at]))
        {
            count = (count * 10) + ReadDigit(text, ref at);
        }

        return count;
    }

    private static void Expect(ReadOnlySpan<char> text, ref int at, char sign)
    {
        if (at == text.Length || text[at] != sign)
        {
            throw Unknown(text, at);
        }

        at++;
    }

    private static FormatException Unknown(ReadOnlySpan<char> text, int at) =>
        new($"Position {at} of the pattern {text} is not understood.");
}
