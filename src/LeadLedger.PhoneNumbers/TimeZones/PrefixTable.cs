namespace LeadLedger.PhoneNumbers.TimeZones;

/// <summary>Prefixes of digits, each with a list of names; a tree with one step a digit.</summary>
internal sealed class PrefixTable
{
    private readonly List<IReadOnlyList<string>> values = [];
    private ushort[] next = new ushort[10 * 1024];
    private ushort[] valueOf = new ushort[1024];
    private int count = 1;

    public IReadOnlyList<IReadOnlyList<string>> Values => values;

    public void Add(IReadOnlyList<string> value, string[] prefixes)
    {
        values.Add(value);
        foreach (var prefix in prefixes)
        {
            // Making the node may move the array, so it has to be there first.
            var node = NodeOf(prefix);
            valueOf[node] = (ushort)values.Count;
        }
    }

    public IReadOnlyList<string>? LongestPrefix(ReadOnlySpan<char> digits)
    {
        var node = 0;
        var value = 0;
        foreach (var digit in digits)
        {
            node = next[(node * 10) + (digit - '0')];
            if (node == 0)
            {
                break;
            }

            value = valueOf[node] == 0 ? value : valueOf[node];
        }

        return value == 0 ? null : values[value - 1];
    }

    private int NodeOf(string prefix)
    {
        var node = 0;
        foreach (var digit in prefix)
        {
            var at = (node * 10) + (digit - '0');
            if (next[at] == 0)
            {
                if (count == valueOf.Length)
                {
                    Array.Resize(ref valueOf, count * 2);
                    Array.Resize(ref next, count * 20);
                }

                next[at] = checked((ushort)count++);
            }

            node = next[at];
        }

        return node;
    }
}
