using System.Globalization;

namespace LeadLedger.PhoneNumbers.Plans;

/// <summary>One way a plan groups its digits: which lengths it takes, where it cuts and what stands between.</summary>
internal sealed class NumberFormat
{
    private readonly (int Least, int Most)[] groups;
    private readonly string international;
    private readonly string national;

    /// <param name="pattern">Groups of digits only, such as (\d{3})(\d{3})(\d{4}).</param>
    /// <param name="template">Where the groups go: ($1) $2-$3.</param>
    /// <param name="nationalRule">What stands around the first group at home, such as 0$1; empty for nothing.</param>
    public NumberFormat(string pattern, string template, string leadingDigits, string nationalRule)
    {
        var tree = DigitPattern.Parse(pattern);
        var parts = tree.Kind == DigitPattern.Shape.Group ? [tree] : tree.Parts;
        groups = [.. parts.Select(Size)];
        LeadingDigits = DigitPattern.Parse(leadingDigits);
        international = template;
        var first = template.IndexOf('$', StringComparison.Ordinal);
        national = nationalRule.Length == 0
            ? template
            : string.Concat(
                template.AsSpan(0, first),
                nationalRule.Replace("$1", template.Substring(first, 2), StringComparison.Ordinal),
                template.AsSpan(first + 2));
    }

    public DigitPattern LeadingDigits { get; }

    public bool Takes(int length)
    {
        int least = 0, most = 0;
        foreach (var group in groups)
        {
            least += group.Least;
            most += group.Most;
        }

        return length >= least && length <= most;
    }

    /// <summary>Writes the grouped digits and answers how many characters that took.</summary>
    public int Write(ReadOnlySpan<char> digits, bool atHome, Span<char> target)
    {
        Span<int> starts = stackalloc int[groups.Length + 1];
        Cut(digits.Length, starts);
        var written = 0;
        var template = atHome ? national : international;
        for (var at = 0; at < template.Length; at++)
        {
            if (template[at] != '$')
            {
                target[written++] = template[at];
                continue;
            }

            var group = template[++at] - '1';
            var part = digits[starts[group]..starts[group + 1]];
            part.CopyTo(target[written..]);
            written += part.Length;
        }

        return written;
    }

    /// <summary>Each group takes as many digits as those after it can spare.</summary>
    private void Cut(int length, Span<int> starts)
    {
        var spare = length;
        foreach (var group in groups)
        {
            spare -= group.Least;
        }

        for (var group = 0; group < groups.Length; group++)
        {
            var extra = Math.Min(spare, groups[group].Most - groups[group].Least);
            spare -= extra;
            starts[group + 1] = starts[group] + groups[group].Least + extra;
        }
    }

    private static (int Least, int Most) Size(DigitPattern group)
    {
        var inner = group.Kind == DigitPattern.Shape.Group ? group.Parts[0] : throw NotOnlyGroups(group);
        return inner.Kind switch
        {
            DigitPattern.Shape.Digit => (1, 1),
            DigitPattern.Shape.Repeat when inner.Parts[0].Kind == DigitPattern.Shape.Digit => (inner.Least, inner.Most),
            _ => throw NotOnlyGroups(inner),
        };
    }

    private static FormatException NotOnlyGroups(DigitPattern found) =>
        new(string.Create(CultureInfo.InvariantCulture, $"A format may hold groups of digits only, not {found.Kind}."));
}
