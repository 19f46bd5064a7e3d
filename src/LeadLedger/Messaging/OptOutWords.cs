namespace LeadLedger.Messaging;

/// <summary>
/// Reads an inbound text for an opt-out (BF-12). An exact keyword, whatever its case, punctuation or courtesy, acts at
/// once; a refusal in free text only holds the sends, because a sentence that merely contains "stop" must not silence
/// a customer (P-10).
/// </summary>
public static class OptOutWords
{
    private const int LongestExcerpt = 80;

    /// <summary>What Twilio matches and answers by itself: the whole trimmed message, any case.</summary>
    private static readonly HashSet<string> AnsweredByProvider = new(StringComparer.OrdinalIgnoreCase)
    {
        "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT",
        "START", "YES", "UNSTOP",
        "HELP", "INFO",
    };

    /// <summary>Clear enough to notice as a clause of a longer text; the others have everyday meanings.</summary>
    private static readonly HashSet<string> PlainKeywords = new(StringComparer.Ordinal)
    {
        "stop", "stopall", "stop all", "unsubscribe", "optout", "opt out", "arret",
    };

    private static readonly HashSet<string> Polite = new(StringComparer.Ordinal)
    {
        "please", "pls", "plz", "thanks", "thank", "you", "thx",
    };

    private static readonly string[] Reactions =
    [
        "liked", "loved", "disliked", "laughed at", "emphasized", "questioned", "reacted ", "removed a ", "removed an ",
        "le gusto", "le gustó", "le encanto", "le encantó",
    ];

    private static readonly string[] StopSigns =
        ["\U0001F6D1", "\U0001F6AB", "\u26D4", "\u270B", "\U0001F590", "\U0001F595"];

    /// <param name="body">As received; null or empty for a picture without words.</param>
    /// <param name="optOutType">Twilio's OptOutType parameter, STOP, START or HELP, or null.</param>
    /// <param name="locales">Languages of the business beside English, such as es.</param>
    public static OptOutReading Read(string? body, string? optOutType, IReadOnlyList<string> locales)
    {
        var text = body ?? "";
        var exact = ReadKeyword(text, locales);
        if (ReadProvider(optOutType, exact) is { } provider)
        {
            return provider;
        }

        return exact.Kind != OptOutKind.None ? exact : ReadRefusal(text, locales);
    }

    private static OptOutReading? ReadProvider(string? optOutType, OptOutReading exact)
    {
        var kind = optOutType?.Trim().ToUpperInvariant() switch
        {
            "STOP" => OptOutKind.Stop,
            "START" => OptOutKind.Start,
            "HELP" => OptOutKind.Help,
            _ => OptOutKind.None,
        };
        if (kind == OptOutKind.None)
        {
            return null;
        }

        // The provider's own list may hold words that ours lacks; its reading wins, our word explains it.
        return exact.Kind == kind
            ? exact with { ProviderReplied = true }
            : new(kind, optOutType!.Trim().ToUpperInvariant(), ProviderReplied: true);
    }

    private static OptOutReading ReadKeyword(string text, IReadOnlyList<string> locales)
    {
        var trimmed = text.Trim();
        if (trimmed.Equals("YES", StringComparison.OrdinalIgnoreCase))
        {
            return new(OptOutKind.Start, "YES", ProviderReplied: true);
        }

        var words = WithoutSignature(Words.Of(text));
        if (words.Count is 0 or > 12)
        {
            return OptOutReading.None;
        }

        var answered = AnsweredByProvider.Contains(trimmed);
        var polite = Join(Strip(words, Polite));
        if (polite is "start" or "unstop")
        {
            return new(OptOutKind.Start, polite.ToUpperInvariant(), answered);
        }

        var vocabularies = OptOutVocabularies.For(locales);
        if (Array.Exists(vocabularies, vocabulary => vocabulary.Help.Contains(polite)))
        {
            return new(OptOutKind.Help, polite.ToUpperInvariant(), answered);
        }

        foreach (var vocabulary in vocabularies)
        {
            if (Keyword(words, vocabulary, vocabularies) is { } word)
            {
                return new(
                    OptOutKind.Stop, word.ToUpperInvariant(), answered, vocabulary.MayMeanAppointment.Contains(word));
            }
        }

        return OptOutReading.None;
    }

    private static OptOutReading ReadRefusal(string text, IReadOnlyList<string> locales)
    {
        if (IsReaction(text))
        {
            return OptOutReading.None;
        }

        var words = WithoutSignature(Words.Of(text));
        if (words.Count == 0)
        {
            return Array.Find(StopSigns, sign => text.Contains(sign, StringComparison.Ordinal)) is { } sign
                ? new(OptOutKind.HeldPhrase, sign)
                : OptOutReading.None;
        }

        var vocabularies = OptOutVocabularies.For(locales);
        var meant = WithoutInnocent(Corrected(words, vocabularies), vocabularies);
        foreach (var vocabulary in vocabularies)
        {
            if (Keyword(meant, vocabulary, vocabularies) is not null)
            {
                return Held(text, meant, 0, meant.Count);
            }
        }

        if (KeywordClause(meant, vocabularies) is { } clause)
        {
            return Held(text, meant, clause.Start, clause.End);
        }

        foreach (var vocabulary in vocabularies)
        {
            foreach (var refusal in vocabulary.Refusals)
            {
                if (refusal.Find(meant) is { } found)
                {
                    return Held(text, meant, found.Start, found.End);
                }
            }
        }

        return OptOutReading.None;
    }

    /// <summary>The keyword that, with courtesies and repetition, is the whole message.</summary>
    private static string? Keyword(List<Word> words, OptOutVocabulary vocabulary, OptOutVocabulary[] all)
    {
        if (words.Count is 0 or > 12)
        {
            return null;
        }

        // "Stop, gracias" and "alto please" happen; so every language's courtesies go.
        var left = words;
        foreach (var each in all)
        {
            left = Strip(left, each.Courtesy);
        }

        if (left.Count == 0)
        {
            // A keyword may double as another language's courtesy.
            left = words;
        }

        var phrase = Join(left);
        if (vocabulary.Stop.Contains(phrase))
        {
            return phrase;
        }

        return left.Count > 1 && left.TrueForAll(word => vocabulary.Stop.Contains(Squeeze(word.Text)))
            ? Squeeze(left[0].Text)
            : left.Count == 1 && vocabulary.Stop.Contains(Squeeze(phrase)) ? Squeeze(phrase) : null;
    }

    /// <summary>A clause that is nothing but a plain keyword, as in "we found somebody, please stop".</summary>
    private static (int Start, int End)? KeywordClause(List<Word> words, OptOutVocabulary[] vocabularies)
    {
        (int, int)? found = null;
        for (int start = 0, end; start < words.Count; start = end)
        {
            end = start + 1;
            while (end < words.Count && words[end].BreakBefore == WordBreak.None)
            {
                end++;
            }

            var clause = words.GetRange(start, end - start);
            foreach (var vocabulary in vocabularies)
            {
                clause = Strip(clause, vocabulary.Courtesy);
            }

            var phrase = Squeeze(Join(clause));
            if (phrase is "start" or "go" or "starts")
            {
                // A machine that goes "start, stop, start" is no refusal.
                return null;
            }

            if (PlainKeywords.Contains(phrase))
            {
                found ??= (start, end);
            }
        }

        return found;
    }

    private static List<Word> Corrected(List<Word> words, OptOutVocabulary[] vocabularies)
    {
        var corrected = new List<Word>(words.Count);
        foreach (var word in words)
        {
            var text = Squeeze(word.Text);
            foreach (var vocabulary in vocabularies)
            {
                if (vocabulary.Misspellings.TryGetValue(text, out var meant))
                {
                    text = meant;
                    break;
                }
            }

            corrected.Add(word with { Text = text });
        }

        return corrected;
    }

    private static List<Word> WithoutInnocent(List<Word> words, OptOutVocabulary[] vocabularies)
    {
        foreach (var vocabulary in vocabularies)
        {
            foreach (var innocent in vocabulary.Innocent)
            {
                while (innocent.Find(words) is { } found)
                {
                    words.RemoveRange(found.Start, found.End - found.Start);
                    if (found.Start < words.Count)
                    {
                        // What follows must not join what came before into a new phrase.
                        words[found.Start] = words[found.Start] with { BreakBefore = WordBreak.Hard };
                    }
                }
            }
        }

        return words;
    }

    private static List<Word> WithoutSignature(List<Word> words)
    {
        for (var i = 1; i + 2 < words.Count; i++)
        {
            if (words[i] is { Text: "sent", BreakBefore: WordBreak.Hard } && words[i + 1].Text is "from" or "via" &&
                words[i + 2].Text is "my" or "yahoo" or "outlook" or "mail" or "mobile")
            {
                return words.GetRange(0, i);
            }
        }

        return words;
    }

    private static List<Word> Strip(List<Word> words, IReadOnlySet<string> courtesy)
    {
        int start = 0, end = words.Count;
        while (start < end && courtesy.Contains(words[start].Text))
        {
            start++;
        }

        while (end > start && courtesy.Contains(words[end - 1].Text))
        {
            end--;
        }

        return start == 0 && end == words.Count ? words : words.GetRange(start, end - start);
    }

    private static string Join(List<Word> words) =>
        words.Count == 1 ? words[0].Text : string.Join(' ', words.Select(word => word.Text));

    /// <summary>Reads "stoppp" as "stop": three or more of a letter count as one.</summary>
    private static string Squeeze(string word)
    {
        if (word.Length > 64)
        {
            return word;
        }

        Span<char> kept = stackalloc char[word.Length];
        var length = 0;
        for (int i = 0, run; i < word.Length; i += run)
        {
            run = 1;
            while (i + run < word.Length && word[i + run] == word[i])
            {
                run++;
            }

            for (var copy = 0; copy < (run >= 3 ? 1 : run); copy++)
            {
                kept[length++] = word[i];
            }
        }

        return length == word.Length ? word : kept[..length].ToString();
    }

    /// <summary>A phone's "Liked ..." quotes our own text, opt-out line and all.</summary>
    private static bool IsReaction(string text)
    {
        var trimmed = text.AsSpan().TrimStart();
        foreach (var reaction in Reactions)
        {
            if (trimmed.StartsWith(reaction, StringComparison.OrdinalIgnoreCase) &&
                trimmed.IndexOfAny('\u201C', '"', '\u00AB') is > 0 and < 60)
            {
                return true;
            }
        }

        return false;
    }

    private static OptOutReading Held(string text, List<Word> words, int start, int end)
    {
        int from = words[start].Start, to = words[Math.Max(start, end - 1)].End;
        var excerpt = text[from..Math.Min(to, from + LongestExcerpt)];
        return new(OptOutKind.HeldPhrase, excerpt);
    }
}
