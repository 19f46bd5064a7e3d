using System.Collections.Frozen;

namespace LeadLedger.Messaging;

/// <summary>The opt-out vocabularies in force for a business. English always applies.</summary>
internal static class OptOutVocabularies
{
    private static readonly FrozenDictionary<string, OptOutVocabulary> ByLanguage =
        new Dictionary<string, OptOutVocabulary>(StringComparer.Ordinal)
        {
            ["es"] = OptOutSpanish.Vocabulary,
            ["fr"] = OptOutFrench.Vocabulary,
        }.ToFrozenDictionary(StringComparer.Ordinal);

    public static OptOutVocabulary[] For(IReadOnlyList<string> locales)
    {
        var languages = locales.Select(locale => locale.Split('-', '_')[0].ToLowerInvariant()).Distinct();
        return
        [
            OptOutEnglish.Vocabulary,
            .. languages.Where(ByLanguage.ContainsKey).Select(language => ByLanguage[language]),
        ];
    }
}
