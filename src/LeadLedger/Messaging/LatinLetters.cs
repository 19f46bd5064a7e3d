namespace LeadLedger.Messaging;

/// <summary>
/// Plain letters for accented ones, by table: the service runs without culture data, where Unicode normalisation
/// does nothing.
/// </summary>
internal static class LatinLetters
{
    // U+00C0 to U+017F in order; a space keeps the character as it is.
    private const string Latin1AndExtendedA =
        "AAAAAA CEEEEIIII NOOOOO OUUUUY  aaaaaa ceeeeiiii nooooo ouuuuy y" +
        "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi  JjKk LlLlLlLlLlNnNnNn   OoOoOo  RrRrRrSsSsSsSsTtTtTt" +
        "UuUuUuUuUuUuWwYyYZzZzZzs";

    /// <summary>The letter without its accents; full-width Latin becomes ASCII; anything else is unchanged.</summary>
    public static char BaseOf(char character) => character switch
    {
        < '\u00C0' => character,
        <= '\u017F' => Latin1AndExtendedA[character - '\u00C0'] is var plain and not ' ' ? plain : character,
        '\u01A0' => 'O',
        '\u01A1' => 'o',
        '\u01AF' => 'U',
        '\u01B0' => 'u',
        >= '\u1EA0' and <= '\u1EF9' => Vietnamese(character),
        >= '\uFF01' and <= '\uFF5E' => (char)(character - 0xFEE0),
        _ => character,
    };

    /// <summary>U+0300 to U+036F, the accents that follow their letter.</summary>
    public static bool IsCombiningMark(char character) => character is >= '\u0300' and <= '\u036F';

    /// <summary>Marks of direction, joiners and soft hyphens: invisible, and used to disguise or reorder a text.</summary>
    public static bool IsInvisible(char character) => character is
        '\u00AD' or '\u061C' or '\u180E' or
        (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or
        (>= '\u2060' and <= '\u206F') or '\uFEFF';

    private static char Vietnamese(char character)
    {
        var plain = character switch
        {
            <= '\u1EB7' => 'A',
            <= '\u1EC7' => 'E',
            <= '\u1ECB' => 'I',
            <= '\u1EE3' => 'O',
            <= '\u1EF1' => 'U',
            _ => 'Y',
        };
        return (character & 1) == 0 ? plain : char.ToLowerInvariant(plain);
    }
}
