namespace LeadLedger.Messaging;

/// <summary>The GSM 03.38 alphabet: what fits 160 to a segment, and plain stand-ins for what does not (C-15).</summary>
public static class Gsm7
{
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
        "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private const string Extended = "\f^{}\\[~]|";

    private static readonly byte[] Widths = BuildWidths();

    public static bool IsGsm7(string text)
    {
        foreach (var character in text)
        {
            if (Width(character) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Writes typographic characters, odd spaces and accents that GSM-7 lacks in their plain form. What has no plain
    /// form, such as an emoji or a Chinese character, stays and makes the text UCS-2.
    /// </summary>
    public static string Transliterate(string text)
    {
        if (IsGsm7(text))
        {
            return text;
        }

        var plain = new TextBuffer(stackalloc char[256]);
        foreach (var character in text)
        {
            AppendPlain(ref plain, character);
        }

        var result = plain.ToString();
        plain.Dispose();
        return result;
    }

    /// <summary>Septets of a character: 1, 2 for the extension table, 0 when GSM-7 has no such character.</summary>
    internal static int Width(char character) =>
        character < Widths.Length ? Widths[character] : character == '€' ? 2 : 0;

    internal static void AppendPlain(ref TextBuffer buffer, char character)
    {
        if (Width(character) != 0)
        {
            buffer.Append(character);
        }
        else if (LatinLetters.IsCombiningMark(character))
        {
            Accent(ref buffer, character);
        }
        else if (LatinLetters.BaseOf(character) is var letter && letter != character)
        {
            buffer.Append(letter);
        }
        else if (PlainForm(character) is { } plain)
        {
            buffer.Append(plain);
        }
        else
        {
            buffer.Append(character);
        }
    }

    /// <summary>Joins a following accent to its letter where GSM-7 has the pair, else drops it.</summary>
    private static void Accent(ref TextBuffer buffer, char mark)
    {
        const string Pairs = "e\u0300èe\u0301éu\u0300ùi\u0300ìo\u0300òa\u0300àE\u0301ÉA\u030AÅa\u030AåA\u0308ÄO\u0308Ö" +
            "U\u0308Üa\u0308äo\u0308öu\u0308üN\u0303Ñn\u0303ñC\u0327Ç";
        for (var i = 0; i < Pairs.Length; i += 3)
        {
            if (Pairs[i] == buffer.Last && Pairs[i + 1] == mark)
            {
                buffer.ReplaceLast(Pairs[i + 2]);
                return;
            }
        }
    }

    private static string? PlainForm(char character) => character switch
    {
        '\t' or '\u00A0' or '\u1680' or (>= '\u2000' and <= '\u200A') or '\u202F' or '\u205F' or '\u3000' => " ",
        '\u0085' or '\u2028' or '\u2029' => "\n",
        '\u00AD' or '\u200B' or '\u2060' or '\uFEFF' or (>= '\u200E' and <= '\u200F') or
            (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') => "",
        '\u2018' or '\u2019' or '\u201A' or '\u201B' or '\u2032' or '\u02BC' or '\u00B4' or '`' => "'",
        '\u201C' or '\u201D' or '\u201E' or '\u201F' or '\u2033' or '«' or '»' => "\"",
        '\u2039' => "<",
        '\u203A' => ">",
        (>= '\u2010' and <= '\u2015') or '\u2212' => "-",
        '\u2026' => "...",
        '\u2022' or '\u00B7' or '\u2219' or '\u25CF' => "*",
        '\u2044' => "/",
        '×' => "x",
        '÷' => "/",
        '™' => "(TM)",
        '©' => "(c)",
        '®' => "(R)",
        'º' => "o",
        'ª' => "a",
        '½' => "1/2",
        '¼' => "1/4",
        '¾' => "3/4",
        'Œ' => "OE",
        'œ' => "oe",
        'Ð' => "D",
        'ð' => "d",
        'Þ' => "Th",
        'þ' => "th",
        _ => null,
    };

    private static byte[] BuildWidths()
    {
        var widths = new byte[0x400];
        foreach (var character in Basic)
        {
            widths[character] = 1;
        }

        foreach (var character in Extended)
        {
            widths[character] = 2;
        }

        return widths;
    }
}
