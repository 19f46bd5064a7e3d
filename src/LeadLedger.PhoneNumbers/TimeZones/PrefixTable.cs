namespace LeadLedger.PhoneNumbers.TimeZones;

/// <summary>Digits prefix to a list of names, as a tree with one step a digit; equal lists are one object.</summary>
internal sealed class PrefixTable
{
    private readonly List<IReadOnlyList<string>> values = [];
    private readonly ushort[] next;
    private readonly ushort[] valueOf;

    public PrefixTable(IReadOnlyDictionary<string, string[]> rows)
    {
        var known = new Dictionary<string, ushort>(StringComparer.Ordinal);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var tree = new Tree();
        foreach (var (prefix, list) in rows)
        {
            var key = string.Join('&', list);
            if (!known.TryGetValue(key, out var value))
            {
                values.Add(Array.AsReadOnly([.. list.Select(name => Shared(names, name))]));
                known.Add(key, value = (ushort)values.Count);
            }

            tree.Put(prefix, value);
        }

        next = [.. tree.Next];
        valueOf = [.. tree.ValueOf];
    }

    public IEnumerable<IReadOnlyList<string>> Values => values;

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

    private static string Shared(Dictionary<string, string> names, string name)
    {
        if (!names.TryGetValue(name, out var shared))
        {
            names.Add(name, shared = name);
        }

        return shared;
    }

    private sealed class Tree
    {
        public List<ushort> Next { get; } = [.. new ushort[10]];

        public List<ushort> ValueOf { get; } = [0];

        public void Put(string prefix, ushort value)
        {
            var node = 0;
            foreach (var digit in prefix)
            {
                var at = (node * 10) + (digit - '0');
                if (Next[at] == 0)
                {
                    Next[at] = checked((ushort)ValueOf.Count);
                    ValueOf.Add(0);
                    Next.AddRange(new ushort[10]);
                }

                node = Next[at];
            }

            ValueOf[node] = value;
        }
    }
}
