using FsCheck;
using FsCheck.Fluent;
using LeadLedger.Messaging;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Messaging;

public sealed class OptOutWordsTests
{
    private static readonly string[] English = ["en"];

    [Theory]
    [InlineData("default_optout", OptOutKind.Stop)]
    [InlineData("default_optin", OptOutKind.Start)]
    [InlineData("default_help", OptOutKind.Help)]
    [InlineData("fcc_per_se_revocation", OptOutKind.Stop)]
    [InlineData("telnyx_extra", OptOutKind.Stop)]
    [InlineData("aws_extra", OptOutKind.Stop)]
    [Trait("Requirement", "P-09")]
    public void Every_published_keyword_is_read(string list, OptOutKind kind)
    {
        var keywords = ContractFiles.Vectors("optout-keywords.json").GetProperty(list).EnumerateArray()
            .Select(word => word.GetString()!).ToList();

        Assert.NotEmpty(keywords);
        Assert.All(keywords, word => Assert.Equal(kind, OptOutWords.Read(word, null, English).Kind));
        Assert.All(keywords, word => Assert.Equal(kind, OptOutWords.Read(word.ToLowerInvariant(), null, English).Kind));
    }

    [Theory]
    [InlineData("STOP", true)]
    [InlineData(" stop ", true)]
    [InlineData("UNSUBSCRIBE", true)]
    [InlineData("Stop.", false)]
    [InlineData("STOP please", false)]
    [InlineData("opt out", false)]
    [InlineData("ARRET", false)]
    public void Only_what_the_provider_matches_itself_counts_as_answered(string body, bool answered)
    {
        var reading = OptOutWords.Read(body, null, English);

        Assert.Equal((OptOutKind.Stop, answered), (reading.Kind, reading.ProviderReplied));
    }

    [Theory]
    [InlineData("CANCEL", "CANCEL", true)]
    [InlineData("please cancel", "CANCEL", true)]
    [InlineData("End.", "END", true)]
    [InlineData("quit", "QUIT", true)]
    [InlineData("STOP", "STOP", false)]
    [InlineData("unsubscribe", "UNSUBSCRIBE", false)]
    [Trait("Requirement", "C-32")]
    public void Cancel_end_and_quit_opt_out_and_may_mean_an_appointment(string body, string word, bool ambiguous)
    {
        var reading = OptOutWords.Read(body, null, English);

        Assert.Equal((OptOutKind.Stop, word, ambiguous), (reading.Kind, reading.Word, reading.AmbiguousAppointment));
    }

    [Theory]
    [InlineData("STOP", OptOutKind.Stop)]
    [InlineData("start", OptOutKind.Start)]
    [InlineData("HELP", OptOutKind.Help)]
    public void The_providers_own_reading_wins_whatever_the_body_says(string optOutType, OptOutKind kind)
    {
        var reading = OptOutWords.Read("a word from the account's own list", optOutType, English);

        Assert.Equal((kind, true), (reading.Kind, reading.ProviderReplied));
        Assert.Equal(optOutType.ToUpperInvariant(), reading.Word);
    }

    [Fact]
    public void An_unknown_opt_out_type_leaves_the_reading_to_us() =>
        Assert.Equal(OptOutKind.Stop, OptOutWords.Read("stop.", "MAYBE", English).Kind);

    [Theory]
    [InlineData("START", "START")]
    [InlineData("Start.", "START")]
    [InlineData("unstop please", "UNSTOP")]
    [InlineData("YES", "YES")]
    [InlineData(" yes ", "YES")]
    [Trait("Requirement", "C-09")]
    public void Start_unstop_and_a_bare_yes_reopen(string body, string word)
    {
        var reading = OptOutWords.Read(body, null, English);

        Assert.Equal((OptOutKind.Start, word), (reading.Kind, reading.Word));
    }

    [Theory]
    [InlineData("Yes.")]
    [InlineData("yes please")]
    [InlineData("Yes, tomorrow")]
    [InlineData("start tomorrow")]
    [InlineData("sí")]
    [Trait("Requirement", "C-09")]
    public void Any_other_yes_is_an_ordinary_answer(string body) =>
        Assert.Equal(OptOutReading.None, OptOutWords.Read(body, null, ["en", "es"]));

    [Theory]
    [InlineData("ayuda", OptOutKind.Help, "es")]
    [InlineData("ayuda", OptOutKind.None, "en")]
    [InlineData("baja", OptOutKind.Stop, "es-US")]
    [InlineData("baja", OptOutKind.None, "en")]
    [InlineData("aide", OptOutKind.Help, "fr-CA")]
    [InlineData("ARRÊT", OptOutKind.Stop, "en")]
    public void Other_languages_apply_where_the_business_has_them(string body, OptOutKind kind, string locale) =>
        Assert.Equal(kind, OptOutWords.Read(body, null, [locale]).Kind);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("👍")]
    public void Nothing_said_is_nothing_read(string? body) =>
        Assert.Equal(OptOutReading.None, OptOutWords.Read(body, null, English));

    [Fact]
    public void A_held_phrase_shows_the_words_as_they_were_written()
    {
        var reading = OptOutWords.Read("Hi. Please DON'T text me again, thanks", null, English);

        Assert.Equal(OptOutKind.HeldPhrase, reading.Kind);
        Assert.Contains("DON'T text me", reading.Word, StringComparison.Ordinal);
        Assert.False(reading.ProviderReplied);
    }

    [Fact]
    [Trait("Requirement", "P-10")]
    public void A_sentence_with_stop_in_it_is_innocent() =>
        Assert.Equal(OptOutReading.None, OptOutWords.Read("we must STOP this leak", null, ["en", "es", "fr"]));

    [Fact]
    public void A_quoted_opt_out_line_in_a_reaction_is_not_a_refusal() =>
        Assert.Equal(
            OptOutReading.None,
            OptOutWords.Read("Liked \u201CThank you. " + OptOutLines.English + "\u201D", null, English));

    [Theory]
    [InlineData("Liked \u201CAcme: you are opted out and will get no more texts from us.\u201D")]
    [InlineData("Laughed at \"please stop texting me\"")]
    public void A_reaction_to_any_text_is_not_a_refusal(string body) =>
        Assert.Equal(OptOutReading.None, OptOutWords.Read(body, null, English));

    [Theory]
    [InlineData("I did not mean to unsubscribe")]
    [InlineData("Sorry, I accidentally replied stop")]
    [InlineData("it says Reply STOP to opt out, but I want the quote")]
    [InlineData("No quiero cancelar")]
    public void Taking_back_or_quoting_an_opt_out_is_not_a_refusal(string body) =>
        Assert.Equal(OptOutReading.None, OptOutWords.Read(body, null, ["en", "es"]));

    [Fact]
    public void No_text_makes_the_reader_fail()
    {
        string[] pieces =
        [
            "stop", "don't", "text", "me", "please", "no", "more", "mensajes", "leave", "alone", "sent", "from", "my", ".", ",",
            "\n", " ", "  ", "🛑", "\uD83D", "\u0301", "-", "\"", "(", "list", "opt", "out", "unsubscribe", "quit", "arrêt", "0",
            "\u200B", "'", "Liked “", "wrong", "number", "",
        ];
        var texts = Gen.ListOf(Gen.Elements(pieces)).Select(parts => string.Join(' ', parts)).ToArbitrary();

        Prop.ForAll(texts, text => OptOutWords.Read(text, null, ["en", "es", "fr"]) is not null)
            .QuickCheckThrowOnFailure();
        Prop.ForAll<string>(text => OptOutWords.Read(text, null, ["en", "es", "fr"]) is not null)
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_very_long_text_is_read_in_bounded_work()
    {
        var body = string.Concat(Enumerable.Repeat("do not ever please stop sending me any more of these ", 400)) +
            new string('s', 5000);

        Assert.Equal(OptOutKind.HeldPhrase, OptOutWords.Read(body, null, ["en", "es", "fr"]).Kind);
    }
}
