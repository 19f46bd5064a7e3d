namespace LeadLedger.PhoneNumbers.Reading;

/// <summary>
/// Finds an extension at the end of a written number. Whatever announces an extension holds no digit, so the
/// extension is the last run of digits and only the label before it has to be recognised.
/// </summary>
internal static class ExtensionReader
{
    private const int LongestAfterWord = 20;
    private const int LongestAfterTwoCommas = 15;
    private const int LongestAfterSign = 9;
    private const int LongestBeforeHash = 6;

    /// <summary>Words after which up to 20 digits follow.</summary>
    private static readonly string[] Words =
    [
        "xt", "xtn", "xtensio", "xtension", "xtensi\u00F3", "xtensi\u00F3n", "xtensio\u0301", "xtensio\u0301n",
        "ext", "extn", "extensio", "extension", "extensi\u00F3", "extensi\u00F3n", "extensio\u0301", "extensio\u0301n",
        "\uFF58\uFF54", "\uFF58\uFF54\uFF4E", "\uFF45\uFF58\uFF54", "\uFF45\uFF58\uFF54\uFF4E",
        "\u0434\u043E\u0431", "anexo",
    ];

    /// <summary>Signs and words after which up to 9 digits follow.</summary>
    private static readonly string[] Abbreviations =
        ["x", "\uFF58", "#", "\uFF03", "~", "\uFF5E", "int", "\uFF49\uFF4E\uFF54"];

    /// <summary>
    /// Where the extension of the text begins at the earliest, or -1 when there is none; its digits are answered as
    /// they are written.
    /// </summary>
    public static int Find(ReadOnlySpan<char> text, out Range digits)
    {
        var search = new Search(text, 0, text.Length);
        search.Run();
        digits = search.Digits;
        return search.Earliest;
    }

    /// <summary>Whether some extension begins between two positions and ends the text.</summary>
    public static bool BeginsBetween(ReadOnlySpan<char> text, int first, int last)
    {
        var search = new Search(text, first, last);
        search.Run();
        return search.Inside;
    }

    private ref struct Search(ReadOnlySpan<char> text, int first, int last)
    {
        private readonly ReadOnlySpan<char> text = text;

        public int Earliest { get; private set; } = -1;

        public bool Inside { get; private set; }

        public Range Digits { get; private set; }

        public void Run()
        {
            var end = text.Length;
            var hash = end > 0 && text[end - 1] == '#';
            end -= hash ? 1 : 0;
            var begin = end;
            while (begin > 0 && Signs.DigitValue(text[begin - 1]) >= 0)
            {
                begin--;
            }

            var length = end - begin;
            if (length is 0 or > LongestAfterWord || begin == 0)
            {
                return;
            }

            Digits = begin..end;
            if (!hash && EndsWith(begin, ";ext="))
            {
                Found(begin - 5, begin - 5);
            }

            if (hash && length <= LongestBeforeHash)
            {
                var dashes = SkipBack(begin, " -");
                if (dashes < begin)
                {
                    Found(dashes, begin - 1);
                }
            }

            // Between label and digits there may be blanks, commas and dashes, and before those one colon or full stop;
            // commas may also be the label, so every cut of that run is tried.
            for (var cut = begin; ; cut--)
            {
                LabelsBefore(cut, length);
                if (cut > 0 && text[cut - 1] is ':' or '.' or '\uFF0E')
                {
                    LabelsBefore(cut - 1, length);
                }

                if (cut == 0 || !IsBlank(text[cut - 1], " \u00A0\t,-"))
                {
                    return;
                }
            }
        }

        private void LabelsBefore(int end, int length)
        {
            if (end == 0 || !MayEndLabel(text[end - 1]))
            {
                return;
            }

            foreach (var word in Words)
            {
                if (EndsWith(end, word))
                {
                    Found(SkipBack(end - word.Length, " \u00A0\t,"), end - word.Length);
                }
            }

            if (length <= LongestAfterTwoCommas)
            {
                if (text[end - 1] == ';')
                {
                    Found(SkipBack(end - 1, " \u00A0\t"), end - 1);
                }
                else if (EndsWith(end, ",,"))
                {
                    Found(SkipBack(end - 2, " \u00A0\t"), end - 2);
                }
            }

            if (length > LongestAfterSign)
            {
                return;
            }

            foreach (var sign in Abbreviations)
            {
                if (EndsWith(end, sign))
                {
                    Found(SkipBack(end - sign.Length, " \u00A0\t,"), end - sign.Length);
                }
            }

            var commas = SkipBack(end, ",");
            if (commas < end)
            {
                Found(SkipBack(commas, " \u00A0\t"), end - 1);
            }
        }

        private void Found(int from, int to)
        {
            Earliest = Earliest < 0 ? from : Math.Min(Earliest, from);
            Inside |= from <= last && to >= first;
        }

        private readonly int SkipBack(int end, string skipped)
        {
            while (end > 0 && IsBlank(text[end - 1], skipped))
            {
                end--;
            }

            return end;
        }

        /// <summary>Most numbers have a digit, a blank or a bracket here and need no further look.</summary>
        private static bool MayEndLabel(char c) => char.IsAsciiLetter(c) || c is ',' or ';' or '#' or '~' or > '\u007F';

        private static bool IsBlank(char c, string blanks) => blanks.Contains(c, StringComparison.Ordinal);

        private readonly bool EndsWith(int end, string word)
        {
            if (end < word.Length)
            {
                return false;
            }

            for (var at = 0; at < word.Length; at++)
            {
                if (Lower(text[end - word.Length + at]) != word[at])
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>The lower case of the letters that occur in labels, as an ECMAScript pattern folds them.</summary>
        private static char Lower(char c) => c switch
        {
            >= 'A' and <= 'Z' => (char)(c | 0x20),
            '\u00D3' => '\u00F3',
            '\u0414' or '\u1C81' => '\u0434',
            '\u041E' or '\u1C82' => '\u043E',
            '\u0411' => '\u0431',
            >= '\uFF21' and <= '\uFF3A' => (char)(c + 0x20),
            _ => c,
        };
    }
}
