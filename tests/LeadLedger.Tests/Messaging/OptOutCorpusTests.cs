using LeadLedger.Messaging;

namespace LeadLedger.Tests.Messaging;

/// <summary>The corpus of inbound texts: no keyword may be missed, no customer silenced by a sentence (BF-12, P-09, P-10).</summary>
public sealed class OptOutCorpusTests
{
    private static readonly List<Line> Corpus = Load();

    [Fact]
    [Trait("Requirement", "BF-12")]
    public void The_corpus_has_at_least_500_lines_of_all_three_kinds()
    {
        Assert.True(Corpus.Count >= 500);
        Assert.All(["stop", "held", "none"], kind => Assert.True(Corpus.Count(line => line.Expected == kind) >= 150));
        Assert.Equal(Corpus.Count, Corpus.DistinctBy(line => (line.Text, string.Join(',', line.Locales))).Count());
    }

    [Fact]
    [Trait("Requirement", "P-09")]
    public void Every_keyword_variant_suppresses_at_once()
    {
        var missed = Corpus.Where(line => line.Expected == "stop" && line.Read() != OptOutKind.Stop);

        Assert.Empty(missed.Select(line => $"{line.Read()}: {line.Text}"));
    }

    [Fact]
    [Trait("Requirement", "BF-12")]
    public void At_least_95_of_100_refusals_in_free_text_are_held()
    {
        var refusals = Corpus.Where(line => line.Expected == "held").ToList();
        var missed = refusals.Where(line => line.Read() is not (OptOutKind.HeldPhrase or OptOutKind.Stop)).ToList();

        Assert.True(
            missed.Count * 100 <= refusals.Count * 5,
            $"{missed.Count} of {refusals.Count} missed:\n" + string.Join('\n', missed.Select(line => line.Text)));
    }

    [Fact]
    [Trait("Requirement", "P-10")]
    public void No_refusal_in_free_text_suppresses_without_a_person() =>
        Assert.Empty(Corpus.Where(line => line.Expected == "held" && line.Read() == OptOutKind.Stop).Select(line => line.Text));

    [Fact]
    [Trait("Requirement", "P-10")]
    public void No_innocent_text_suppresses() =>
        Assert.Empty(Corpus.Where(line => line.Expected == "none" && line.Read() == OptOutKind.Stop).Select(line => line.Text));

    [Fact]
    [Trait("Requirement", "BF-12")]
    public void At_most_5_of_100_innocent_texts_are_held()
    {
        var innocent = Corpus.Where(line => line.Expected == "none").ToList();
        var held = innocent.Where(line => line.Read() == OptOutKind.HeldPhrase).ToList();

        Assert.True(
            held.Count * 100 <= innocent.Count * 5,
            $"{held.Count} of {innocent.Count} held:\n" + string.Join('\n', held.Select(line => $"{line.Text} <- {line.Word()}")));
    }

    [Fact]
    public void Innocent_english_texts_stay_innocent_for_a_business_with_every_language()
    {
        var held = Corpus.Where(line => line.Expected == "none" && line.Locales is ["en"])
            .Where(line => OptOutWords.Read(line.Text, null, ["en", "es", "fr"]).Kind == OptOutKind.Stop);

        Assert.Empty(held.Select(line => line.Text));
    }

    private static List<Line> Load() =>
    [
        .. File.ReadLines(RepositoryFiles.PathOf("tests", "LeadLedger.Tests", "Messaging", "optout-corpus.tsv"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('\t'))
            .Select(columns => new Line(columns[0], columns[1].Split(','), columns[2].Replace("\\n", "\n", StringComparison.Ordinal))),
    ];

    private sealed record Line(string Expected, string[] Locales, string Text)
    {
        public OptOutKind Read() => OptOutWords.Read(Text, null, Locales).Kind;

        public string? Word() => OptOutWords.Read(Text, null, Locales).Word;
    }
}
