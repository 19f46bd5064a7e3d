namespace LeadLedger.PhoneNumbers.Reading;

/// <summary>
/// The characters a written number may hold. Tables, not <see cref="char"/> methods: libphonenumber knows four digit
/// scripts and a fixed list of punctuation, and anything more would read texts that it refuses.
/// </summary>
internal static class Signs
{
    /// <summary>Letters of an ASCII telephone keypad, A to Z.</summary>
    private const string Keypad = "22233344455566677778889999";

    private static readonly Sign[] Ascii = MakeAscii();

    [Flags]
    internal enum Sign : byte
    {
        None = 0,
        Digit = 1,
        Letter = 2,
        Plus = 4,
        Punctuation = 8,
        Star = 16,
        Hash = 32,
    }

    public static Sign Of(char c) => c < 128 ? Ascii[c] : OfWide(c);

    public static bool Is(char c, Sign any) => (Of(c) & any) != 0;

    /// <summary>Value of a digit in any of the four scripts, or -1.</summary>
    public static int DigitValue(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        < '\u0660' => -1,
        <= '\u0669' => c - '\u0660',
        >= '\u06F0' and <= '\u06F9' => c - '\u06F0',
        >= '\uFF10' and <= '\uFF19' => c - '\uFF10',
        _ => -1,
    };

    /// <summary>The digit on whose key an ASCII letter stands, or -1.</summary>
    public static int KeypadValue(char c) => char.IsAsciiLetter(c) ? Keypad[(c | 0x20) - 'a'] - '0' : -1;

    /// <summary>What separates groups of digits when a number is written as a tel: URI.</summary>
    public static bool IsSeparator(char c) => c != 'X' && Is(c, Sign.Punctuation);

    private static Sign OfWide(char c)
    {
        if (DigitValue(c) >= 0)
        {
            return Sign.Digit;
        }

        return c switch
        {
            '\uFF0B' => Sign.Plus,
            '\u00A0' or '\u00AD' or '\u200B' or '\u2060' or '\u3000' // spaces and invisible joints
                or (>= '\u2010' and <= '\u2015') or '\u2212' or '\u30FC' or '\uFF0D' // hyphens and dashes
                or '\u2053' or '\u223C' or '\uFF5E' // tildes
                or '\uFF08' or '\uFF09' or '\uFF3B' or '\uFF3D' // brackets
                or '\uFF0E' or '\uFF0F' => Sign.Punctuation, // full stop and slash
            _ => Sign.None,
        };
    }

    private static Sign[] MakeAscii()
    {
        var signs = new Sign[128];
        for (var c = 0; c < 128; c++)
        {
            signs[c] = char.IsAsciiDigit((char)c) ? Sign.Digit
                : char.IsAsciiLetter((char)c) ? Sign.Letter
                : Sign.None;
        }

        foreach (var c in "-xX ()[]./~")
        {
            signs[c] |= Sign.Punctuation;
        }

        signs['+'] = Sign.Plus;
        signs['*'] = Sign.Star;
        signs['#'] = Sign.Hash;
        return signs;
    }
}
