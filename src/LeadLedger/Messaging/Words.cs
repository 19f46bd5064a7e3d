namespace LeadLedger.Messaging;

/// <summary>What stands between a word and the one before it.</summary>
internal enum WordBreak
{
    None,

    /// <summary>A comma, colon or dash.</summary>
    Soft,

    /// <summary>The end of a sentence or line.</summary>
    Hard,
}

/// <summary>One word in lower case without accents and apostrophes, with its place in the original text.</summary>
internal readonly record struct Word(string Text, int Start, int End, WordBreak BreakBefore);

/// <summary>Splits a text into comparable words; punctuation, quotes, emoji and invisible characters fall away.</summary>
internal static class Words
{
    public static List<Word> Of(string text)
    {
        var words = new List<Word>();
        var pending = WordBreak.None;
        Span<char> letters = stackalloc char[64];
        for (var i = 0; i < text.Length;)
        {
            if (!IsLetter(text, i))
            {
                pending = Max(pending, BreakAt(text, i));
                i++;
                continue;
            }

            int start = i, end = i, length = 0;
            for (; i < text.Length && (IsLetter(text, i) || IsInsideWord(text[i])); i++)
            {
                if (IsLetter(text, i))
                {
                    end = i + 1;
                    if (length < letters.Length)
                    {
                        letters[length++] = char.ToLowerInvariant(LatinLetters.BaseOf(text[i]));
                    }
                }
            }

            words.Add(new(letters[..length].ToString(), start, end, pending));
            pending = WordBreak.None;
        }

        return Unspaced(words);
    }

    /// <summary>Reads S T O P and S.T.O.P. as one word.</summary>
    private static List<Word> Unspaced(List<Word> words)
    {
        if (words.Count < 3 || words.Exists(word => word.Text.Length != 1))
        {
            return words;
        }

        return [new(string.Concat(words.Select(word => word.Text)), words[0].Start, words[^1].End, WordBreak.None)];
    }

    private static bool IsLetter(string text, int at) =>
        char.IsLetterOrDigit(text[at]) && text[at] is not ('º' or 'ª');

    private static bool IsInsideWord(char character) =>
        character is '\'' or '\u2019' or '\u2018' or '\u02BC' or '`' or '\u00B4' ||
        LatinLetters.IsInvisible(character) || LatinLetters.IsCombiningMark(character);

    private static WordBreak BreakAt(string text, int at) => text[at] switch
    {
        '.' or '!' or '?' or '\n' or '\r' or '\u2026' or '\u3002' or '\uFF01' or '¡' or '¿' => WordBreak.Hard,
        ',' or ';' or ':' or '\u2013' or '\u2014' => WordBreak.Soft,
        '-' when at > 0 && at + 1 < text.Length && text[at - 1] == ' ' && text[at + 1] == ' ' => WordBreak.Soft,
        _ => WordBreak.None,
    };

    private static WordBreak Max(WordBreak one, WordBreak other) => one > other ? one : other;
}
