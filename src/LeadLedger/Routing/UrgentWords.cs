namespace LeadLedger.Routing;

/// <summary>RULE (RTE-08): words that a person must see at once. The service never declares an emergency itself.</summary>
public static class UrgentWords
{
    /// <summary>Which of the words stand in the text as whole words, any case.</summary>
    public static IReadOnlyList<string> In(string? text, IReadOnlyList<string> words)
    {
        if (string.IsNullOrWhiteSpace(text) || words.Count == 0)
        {
            return [];
        }

        return [.. words.Where(word => StandsIn(text, word))];
    }

    private static bool StandsIn(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0;
            at = text.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + word.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
            {
                return true;
            }
        }

        return false;
    }
}
