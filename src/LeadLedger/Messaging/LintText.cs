namespace LeadLedger.Messaging;

/// <summary>Reads a template's text the way the linter's rules need it.</summary>
internal static class LintText
{
    private static readonly string[] TopLevels =
    [
        "com", "net", "org", "io", "co", "us", "info", "biz", "link", "page", "site", "online", "ly", "app", "me", "gl",
        "dental",
    ];

    private static readonly PhrasePattern Effort = new(
        "takes|take|only|lleva|toma about|only|just|less|under|than|unos? than? _1 " +
        "second|seconds|minute|minutes|min|segundos|minuto|minutos");

    /// <summary>Words of the text; a variable is one word, its name, which no rule contains.</summary>
    public static List<Word> Words(string text) => Messaging.Words.Of(HideVariables(text));

    /// <summary>Without "takes 60 seconds": the reader's own time is no promise of ours.</summary>
    public static List<Word> WithoutOwnEffort(List<Word> words)
    {
        var effort = Effort.Find(words);
        return effort is { } found ? [.. words[..found.Start], .. words[found.End..]] : words;
    }

    /// <summary>A web address or bare domain in the literal text, or a variable that holds one.</summary>
    public static string? FindAddress(string text)
    {
        foreach (var variable in TemplateVariables.All)
        {
            if (variable.IsLink && text.Contains("{{" + variable.Name + "}}", StringComparison.Ordinal))
            {
                return "{{" + variable.Name + "}}";
            }
        }

        foreach (var word in HideVariables(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var bare = word.Trim('.', ',', ';', ':', '!', '?', '(', ')', '"', '\'');
            if (bare.Contains("://", StringComparison.Ordinal) ||
                bare.StartsWith("www.", StringComparison.OrdinalIgnoreCase) || IsDomain(bare))
            {
                return bare;
            }
        }

        return null;
    }

    private static bool IsDomain(string word)
    {
        var host = word.Split('/', 2)[0];
        var dot = host.LastIndexOf('.');
        return dot > 0 && char.IsLetterOrDigit(host[dot - 1]) &&
            Array.Exists(TopLevels, level => host.AsSpan(dot + 1).Equals(level, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Same length as the text, so that positions still fit.</summary>
    private static string HideVariables(string text)
    {
        var hidden = text.ToCharArray();
        for (var open = text.IndexOf("{{", StringComparison.Ordinal); open >= 0;
            open = text.IndexOf("{{", open + 2, StringComparison.Ordinal))
        {
            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0)
            {
                break;
            }

            Array.Fill(hidden, 'z', open, close + 2 - open);
        }

        return new(hidden);
    }
}
