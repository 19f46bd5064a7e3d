using System.Numerics;

namespace LeadLedger.PhoneNumbers.Plans;

/// <summary>Lengths of a national number, in digits; at most 17, so a set of them is a few bits.</summary>
internal readonly record struct Lengths(uint Bits)
{
    public bool Any => Bits != 0;

    public int Shortest => BitOperations.TrailingZeroCount(Bits);

    public int Longest => 31 - BitOperations.LeadingZeroCount(Bits);

    /// <param name="list">Numbers with commas between them, or nothing.</param>
    public static Lengths Parse(ReadOnlySpan<char> list)
    {
        var bits = 0u;
        var length = 0;
        foreach (var c in list)
        {
            if (c == ',')
            {
                bits |= 1u << length;
                length = 0;
            }
            else
            {
                length = (length * 10) + (c - '0');
            }
        }

        bits |= list.IsEmpty ? 0 : 1u << length;
        return new(bits);
    }

    public bool Contain(int length) => length < 32 && (Bits >> length & 1) == 1;
}
