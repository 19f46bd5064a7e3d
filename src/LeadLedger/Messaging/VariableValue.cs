namespace LeadLedger.Messaging;

/// <summary>
/// Makes a value from outside safe to print: one line, no invisible or reordering characters, no longer than its limit.
/// Nothing in it is ever read as a placeholder.
/// </summary>
internal static class VariableValue
{
    private const string Dots = "...";

    /// <summary>Null, blank, or the word that a program prints for a missing value.</summary>
    public static bool IsMissing(string? value, TemplateVariable variable)
    {
        var text = Trim(value);
        return text.IsEmpty ||
            text.Equals("null", StringComparison.OrdinalIgnoreCase) ||
            text.Equals("(null)", StringComparison.OrdinalIgnoreCase) ||
            text.Equals("undefined", StringComparison.OrdinalIgnoreCase) ||
            (variable.WhenTooLong == WhenTooLong.Omit && text.Length > variable.MaxLength);
    }

    public static void Append(ref TextBuffer buffer, string? value, int maxLength, bool transliterate)
    {
        var text = Trim(value);
        var start = buffer.Length;
        var gap = false;
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (char.IsWhiteSpace(character) || char.IsControl(character))
            {
                gap = buffer.Length > start;
                continue;
            }

            // A lone surrogate is not text; half a pair would reach the provider as a broken character.
            var isPair = i + 1 < text.Length && char.IsSurrogatePair(character, text[i + 1]);
            if (LatinLetters.IsInvisible(character) || (char.IsSurrogate(character) && !isPair))
            {
                continue;
            }

            if (gap)
            {
                buffer.Append(' ');
                gap = false;
            }

            if (isPair)
            {
                buffer.Append(text.Slice(i, 2));
                i++;
            }
            else if (transliterate)
            {
                Gsm7.AppendPlain(ref buffer, character);
            }
            else
            {
                buffer.Append(character);
            }

            if (buffer.Length - start > maxLength)
            {
                Cut(ref buffer, start, maxLength);
                return;
            }
        }
    }

    private static void Cut(ref TextBuffer buffer, int start, int maxLength)
    {
        var keep = start + Math.Max(0, maxLength - Dots.Length);
        if (keep > start && char.IsHighSurrogate(buffer.Written[keep - 1]))
        {
            keep--;
        }

        buffer.CutTo(keep);
        if (buffer.Last == ' ')
        {
            buffer.CutTo(keep - 1);
        }

        if (maxLength > Dots.Length)
        {
            buffer.Append(Dots);
        }
    }

    private static ReadOnlySpan<char> Trim(string? value)
    {
        var text = value.AsSpan();
        while (!text.IsEmpty && IsBlank(text[0]))
        {
            text = text[1..];
        }

        while (!text.IsEmpty && IsBlank(text[^1]))
        {
            text = text[..^1];
        }

        return text;
    }

    private static bool IsBlank(char character) =>
        char.IsWhiteSpace(character) || char.IsControl(character) || LatinLetters.IsInvisible(character);
}
