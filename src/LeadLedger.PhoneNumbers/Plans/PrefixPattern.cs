namespace LeadLedger.PhoneNumbers.Plans;

/// <summary>
/// A pattern that is looked for at the beginning of the digits, where the first alternative that fits wins and a group
/// may be asked for afterwards: international prefixes, national prefixes with carrier codes, leading digits.
/// The patterns hold no unbounded repeat, so the tries behind one match are few and their number does not grow with
/// the text.
/// </summary>
internal sealed class PrefixPattern
{
    private const int Fits = -1;

    /// <summary>Beside the ten bits of first digits: the pattern also fits where no digit is left.</summary>
    private const int NoDigit = 1 << 10;

    /// <summary>Groups are numbered as they are compiled, from the back.</summary>
    private const int LastGroup = 1;

    private Step[] steps = new Step[16];
    private int count;
    private readonly int start;
    private readonly int firstDigits;

    private PrefixPattern(DigitPattern pattern)
    {
        start = Compile(pattern, Fits);
        firstDigits = FirstDigits(start);
        Array.Resize(ref steps, count);
    }

    private enum Act
    {
        Digit,
        Either,
        Open,
        Close,
        End,
    }

    /// <summary>How many capturing groups the pattern has.</summary>
    public int Groups { get; private set; }

    public static PrefixPattern? Parse(ReadOnlySpan<char> text) =>
        text.IsEmpty ? null : new PrefixPattern(DigitPattern.Parse(text));

    /// <summary>Digits matched at the beginning, or -1; <paramref name="group"/> is what the last group held.</summary>
    public int Match(ReadOnlySpan<char> digits, out Range group)
    {
        group = default;
        if (digits.IsEmpty ? (firstDigits & NoDigit) == 0 : (firstDigits >> (digits[0] - '0') & 1) == 0)
        {
            return -1;
        }

        var opened = 0;
        return Run(start, digits, 0, ref opened, ref group);
    }

    public bool IsMatch(ReadOnlySpan<char> digits) => Match(digits, out _) >= 0;

    private int Run(int at, ReadOnlySpan<char> digits, int position, ref int opened, ref Range group)
    {
        while (at != Fits)
        {
            var step = steps[at];
            switch (step.Act)
            {
                case Act.Digit:
                    if (position == digits.Length || (step.Value >> (digits[position] - '0') & 1) == 0)
                    {
                        return -1;
                    }

                    position++;
                    break;

                case Act.Either:
                    var groupBefore = group;
                    var openedBefore = opened;
                    var end = Run(step.Next, digits, position, ref opened, ref group);
                    if (end >= 0)
                    {
                        return end;
                    }

                    group = groupBefore;
                    opened = openedBefore;
                    at = step.Value;
                    continue;

                case Act.Open:
                    opened = position;
                    break;

                case Act.Close:
                    if (step.Value == LastGroup)
                    {
                        group = opened..position;
                    }

                    break;

                case Act.End:
                    if (position != digits.Length)
                    {
                        return -1;
                    }

                    break;
            }

            at = step.Next;
        }

        return position;
    }

    private int Compile(DigitPattern pattern, int then)
    {
        switch (pattern.Kind)
        {
            case DigitPattern.Shape.Digit:
                return Add(new(Act.Digit, pattern.Digits, then));

            case DigitPattern.Shape.End:
                return Add(new(Act.End, 0, then));

            case DigitPattern.Shape.Sequence:
                for (var part = pattern.Parts.Count - 1; part >= 0; part--)
                {
                    then = Compile(pattern.Parts[part], then);
                }

                return then;

            case DigitPattern.Shape.Alternatives:
                var branches = Compile(pattern.Parts[^1], then);
                for (var part = pattern.Parts.Count - 2; part >= 0; part--)
                {
                    branches = Add(new(Act.Either, branches, Compile(pattern.Parts[part], then)));
                }

                return branches;

            case DigitPattern.Shape.Repeat:
                var repeated = then;
                for (var times = pattern.Least; times < pattern.Most; times++)
                {
                    repeated = Add(new(Act.Either, then, Compile(pattern.Parts[0], repeated)));
                }

                for (var times = 0; times < pattern.Least; times++)
                {
                    repeated = Compile(pattern.Parts[0], repeated);
                }

                return repeated;

            default:
                Groups++;
                var close = Add(new(Act.Close, Groups, then));
                return Add(new(Act.Open, 0, Compile(pattern.Parts[0], close)));
        }
    }

    private int FirstDigits(int at)
    {
        while (at != Fits)
        {
            var step = steps[at];
            switch (step.Act)
            {
                case Act.Digit:
                    return step.Value;
                case Act.Either:
                    return FirstDigits(step.Next) | FirstDigits(step.Value);
                case Act.End:
                    return NoDigit;
                default:
                    at = step.Next;
                    break;
            }
        }

        return NoDigit | 0x3FF;
    }

    private int Add(Step step)
    {
        if (count == steps.Length)
        {
            Array.Resize(ref steps, count * 2);
        }

        steps[count] = step;
        return count++;
    }

    private readonly struct Step(Act act, int value, int next)
    {
        public Act Act { get; } = act;

        /// <summary>Of a digit the digits that fit, of a choice the other way on, of a group its number.</summary>
        public int Value { get; } = value;

        public int Next { get; } = next;
    }
}
