namespace LeadLedger.PhoneNumbers.Plans;

/// <summary>
/// Remembers a number for each pair of states. A dictionary would do; its instantiation for these types costs more at
/// the first use than all the tables of a plan.
/// </summary>
internal sealed class PairTable
{
    private ulong[] keys = new ulong[256];
    private int[] values = new int[256];
    private int count;

    /// <summary>What was added for the key, or -1. The key 0 stands for an empty place and is never added.</summary>
    public int Find(ulong key)
    {
        var at = Place(keys, key);
        return keys[at] == key ? values[at] : -1;
    }

    public void Add(ulong key, int value)
    {
        if (++count * 2 > keys.Length)
        {
            Grow();
        }

        var at = Place(keys, key);
        keys[at] = key;
        values[at] = value;
    }

    private static int Place(ulong[] keys, ulong key)
    {
        var at = (int)((key * 0x9E3779B97F4A7C15ul) >> 40) & (keys.Length - 1);
        while (keys[at] != 0 && keys[at] != key)
        {
            at = (at + 1) & (keys.Length - 1);
        }

        return at;
    }

    private void Grow()
    {
        var grownKeys = new ulong[keys.Length * 2];
        var grownValues = new int[keys.Length * 2];
        for (var at = 0; at < keys.Length; at++)
        {
            if (keys[at] != 0)
            {
                var place = Place(grownKeys, keys[at]);
                grownKeys[place] = keys[at];
                grownValues[place] = values[at];
            }
        }

        keys = grownKeys;
        values = grownValues;
    }
}
