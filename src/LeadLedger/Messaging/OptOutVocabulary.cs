using System.Collections.Frozen;

namespace LeadLedger.Messaging;

/// <summary>The words and phrases of one language that end or hold texting, as data.</summary>
internal sealed class OptOutVocabulary
{
    /// <summary>Whole messages, several words joined by a space, that opt out at once.</summary>
    public required FrozenSet<string> Stop { get; init; }

    /// <summary>Those of <see cref="Stop"/> that also end an appointment or a talk (C-32).</summary>
    public FrozenSet<string> MayMeanAppointment { get; init; } = [];

    public FrozenSet<string> Help { get; init; } = [];

    /// <summary>Words that may surround a keyword without changing it.</summary>
    public required FrozenSet<string> Courtesy { get; init; }

    /// <summary>Misspelt words and what was meant; they hold, they never suppress.</summary>
    public required FrozenDictionary<string, string> Misspellings { get; init; }

    /// <summary>Refusals in free text.</summary>
    public required IReadOnlyList<PhrasePattern> Refusals { get; init; }

    /// <summary>Words that only look like a refusal; they are taken out before the refusals are looked for.</summary>
    public IReadOnlyList<PhrasePattern> Innocent { get; init; } = [];

    public static FrozenSet<string> Set(params IEnumerable<string> words) => words.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Reads <c>meant: wrong wrong; meant: wrong</c>.</summary>
    public static FrozenDictionary<string, string> Corrections(string text) =>
        text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split(':', StringSplitOptions.TrimEntries))
            .SelectMany(entry => entry[1].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
                (entry, wrong) => KeyValuePair.Create(wrong, entry[0]))
            .ToFrozenDictionary(StringComparer.Ordinal);
}
