using System.Text;

namespace LeadLedger.Intake;

/// <summary>
/// Makes text storable: PostgreSQL's text and jsonb refuse U+0000, and UTF-8 has no form for half a surrogate pair.
/// </summary>
public static class SafeText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text with NUL characters and lone surrogates replaced by U+FFFD.</summary>
    public static string Clean(string text) => Clean(text, out _);

    /// <param name="changed">True where something was replaced.</param>
    public static string Clean(string text, out bool changed)
    {
        changed = false;
        if (IsClean(text))
        {
            return text;
        }

        var cleaned = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (char.IsHighSurrogate(character) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
            {
                cleaned.Append(character).Append(text[++index]);
            }
            else if (character == '\0' || char.IsSurrogate(character))
            {
                changed = true;
                cleaned.Append(Replacement);
            }
            else
            {
                cleaned.Append(character);
            }
        }

        return changed ? cleaned.ToString() : text;
    }

    /// <summary>
    /// One line: cleaned, line breaks and control characters as single spaces, trimmed, cut to the length.
    /// </summary>
    public static string Line(string text, int maxLength)
    {
        var cleaned = Clean(text);
        var line = new StringBuilder(Math.Min(cleaned.Length, maxLength));
        var pendingSpace = false;
        foreach (var character in cleaned)
        {
            if (char.IsWhiteSpace(character) || char.IsControl(character))
            {
                pendingSpace = line.Length > 0;
                continue;
            }

            if (pendingSpace)
            {
                line.Append(' ');
                pendingSpace = false;
            }

            line.Append(character);
            if (line.Length > maxLength)
            {
                break;
            }
        }

        return Cut(line.ToString(), maxLength);
    }

    /// <summary>The text cut to the length, never through a surrogate pair.</summary>
    public static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength)
        {
            return text;
        }

        var end = maxLength > 0 && char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength;
        return text[..end];
    }

    private static bool IsClean(ReadOnlySpan<char> text) =>
        !text.ContainsAnyInRange('\uD800', '\uDFFF') && !text.Contains('\0');
}
