namespace LeadLedger.PhoneNumbers.Plans;

/// <summary>
/// Many patterns in one table: a walk of one step per digit answers which of them match. The patterns are finite, so
/// equal states are shared as they are made and the table is the smallest there is.
/// </summary>
internal sealed class DigitAutomaton
{
    private const int Nowhere = 0;
    private readonly ushort[] next;
    private readonly uint[] accepts;
    private readonly int start;

    private DigitAutomaton(ushort[] next, uint[] accepts, int start)
    {
        this.next = next;
        this.accepts = accepts;
        this.start = start;
    }

    public int States => accepts.Length;

    /// <summary>Pattern i answers with bit i. A null pattern matches nothing.</summary>
    public static DigitAutomaton Build(ReadOnlySpan<DigitPattern?> patterns)
    {
        var builder = new Builder();
        var start = Nowhere;
        for (var bit = 0; bit < patterns.Length; bit++)
        {
            if (patterns[bit] is { } pattern)
            {
                start = builder.Union(start, builder.Compile(pattern, builder.Accepting(1u << bit)));
            }
        }

        return builder.Finish(start);
    }

    /// <summary>Bits of the patterns that the digits match from the first to the last.</summary>
    public uint MatchEntire(ReadOnlySpan<char> digits)
    {
        var state = start;
        foreach (var digit in digits)
        {
            state = next[(state * 10) + (digit - '0')];
            if (state == Nowhere)
            {
                return 0;
            }
        }

        return accepts[state];
    }

    /// <summary>Bits of the patterns that match at the beginning, however much follows.</summary>
    public uint MatchPrefix(ReadOnlySpan<char> digits)
    {
        var state = start;
        var found = accepts[state];
        foreach (var digit in digits)
        {
            state = next[(state * 10) + (digit - '0')];
            if (state == Nowhere)
            {
                break;
            }

            found |= accepts[state];
        }

        return found;
    }

    private sealed class Builder
    {
        private readonly PairTable unions = new();
        private ushort[] next = new ushort[10 * 64];
        private uint[] accepts = new uint[64];
        private int[] buckets = new int[128];
        private int[] chain = new int[64];
        private int count = 1;

        /// <summary>Keeps the states that can be reached; those of the patterns before their union cannot.</summary>
        public DigitAutomaton Finish(int start)
        {
            var kept = new int[count];
            var order = new int[count];
            var found = 1;
            Keep(start);
            for (var at = 1; at < found; at++)
            {
                for (var digit = 0; digit < 10; digit++)
                {
                    Keep(next[(order[at] * 10) + digit]);
                }
            }

            var keptNext = new ushort[found * 10];
            var keptAccepts = new uint[found];
            for (var at = 1; at < found; at++)
            {
                keptAccepts[at] = accepts[order[at]];
                for (var digit = 0; digit < 10; digit++)
                {
                    keptNext[(at * 10) + digit] = (ushort)kept[next[(order[at] * 10) + digit]];
                }
            }

            return new(keptNext, keptAccepts, kept[start]);

            void Keep(int state)
            {
                if (state != Nowhere && kept[state] == Nowhere)
                {
                    order[found] = state;
                    kept[state] = found++;
                }
            }
        }

        public int Accepting(uint bits) => Intern(stackalloc ushort[10], bits);

        /// <summary>The state from which the pattern leads to <paramref name="then"/>; built from the back.</summary>
        public int Compile(DigitPattern pattern, int then)
        {
            switch (pattern.Kind)
            {
                case DigitPattern.Shape.Digit:
                    Span<ushort> row = stackalloc ushort[10];
                    for (var digit = 0; digit < 10; digit++)
                    {
                        row[digit] = (pattern.Digits >> digit & 1) == 1 ? (ushort)then : (ushort)Nowhere;
                    }

                    return Intern(row, 0);

                case DigitPattern.Shape.Sequence:
                    for (var part = pattern.Parts.Count - 1; part >= 0; part--)
                    {
                        then = Compile(pattern.Parts[part], then);
                    }

                    return then;

                case DigitPattern.Shape.Alternatives:
                    var union = Nowhere;
                    foreach (var branch in pattern.Parts)
                    {
                        union = Union(union, Compile(branch, then));
                    }

                    return union;

                case DigitPattern.Shape.Repeat:
                    var repeated = then;
                    for (var times = pattern.Least; times < pattern.Most; times++)
                    {
                        repeated = Union(then, Compile(pattern.Parts[0], repeated));
                    }

                    for (var times = 0; times < pattern.Least; times++)
                    {
                        repeated = Compile(pattern.Parts[0], repeated);
                    }

                    return repeated;

                case DigitPattern.Shape.Group:
                    return Compile(pattern.Parts[0], then);

                default:
                    throw new FormatException("The end of the text has no place in a pattern of an automaton.");
            }
        }

        public int Union(int left, int right)
        {
            if (left == right || right == Nowhere)
            {
                return left;
            }

            if (left == Nowhere)
            {
                return right;
            }

            var pair = left < right ? ((ulong)left << 32) | (uint)right : ((ulong)right << 32) | (uint)left;
            if (unions.Find(pair) is var known and >= 0)
            {
                return known;
            }

            Span<ushort> row = stackalloc ushort[10];
            for (var digit = 0; digit < 10; digit++)
            {
                row[digit] = (ushort)Union(next[(left * 10) + digit], next[(right * 10) + digit]);
            }

            var union = Intern(row, accepts[left] | accepts[right]);
            unions.Add(pair, union);
            return union;
        }

        private int Intern(ReadOnlySpan<ushort> row, uint accept)
        {
            var hash = Hash(row, accept);
            for (var state = buckets[hash & (uint)(buckets.Length - 1)]; state != Nowhere; state = chain[state])
            {
                if (accepts[state] == accept && row.SequenceEqual(next.AsSpan(state * 10, 10)))
                {
                    return state;
                }
            }

            return Add(row, accept, hash);
        }

        private int Add(ReadOnlySpan<ushort> row, uint accept, uint hash)
        {
            if (count == accepts.Length)
            {
                Grow();
            }

            var state = count++;
            row.CopyTo(next.AsSpan(state * 10, 10));
            accepts[state] = accept;
            Chain(state, hash);
            return state;
        }

        private void Chain(int state, uint hash)
        {
            ref var bucket = ref buckets[hash & (uint)(buckets.Length - 1)];
            chain[state] = bucket;
            bucket = state;
        }

        private static uint Hash(ReadOnlySpan<ushort> row, uint accept)
        {
            var hash = accept * 0x9E3779B9u;
            foreach (var target in row)
            {
                hash = (hash ^ target) * 0x01000193u;
            }

            return hash ^ (hash >> 15);
        }

        private void Grow()
        {
            if (count > ushort.MaxValue / 2)
            {
                throw new FormatException("A plan of this size needs wider states.");
            }

            Array.Resize(ref accepts, count * 2);
            Array.Resize(ref next, count * 20);
            Array.Resize(ref chain, count * 2);
            buckets = new int[count * 4];
            Array.Clear(chain);
            for (var state = 1; state < count; state++)
            {
                Chain(state, Hash(next.AsSpan(state * 10, 10), accepts[state]));
            }
        }
    }
}
