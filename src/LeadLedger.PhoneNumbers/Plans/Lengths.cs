using System.Globalization;
using System.Numerics;

namespace LeadLedger.PhoneNumbers.Plans;

/// <summary>Lengths of a national number, in digits; at most 17, so a set of them is a few bits.</summary>
internal readonly record struct Lengths(uint Bits)
{
    public bool Any => Bits != 0;

    public int Shortest => BitOperations.TrailingZeroCount(Bits);

    public int Longest => 31 - BitOperations.LeadingZeroCount(Bits);

    public static Lengths Parse(ReadOnlySpan<char> list)
    {
        var bits = 0u;
        foreach (var part in list.Split(','))
        {
            if (!list[part].IsEmpty)
            {
                bits |= 1u << int.Parse(list[part], NumberStyles.None, CultureInfo.InvariantCulture);
            }
        }

        return new(bits);
    }

    public bool Contain(int length) => length < 32 && (Bits >> length & 1) == 1;
}
