using LeadLedger.Messaging;
using NodaTime;

namespace LeadLedger.Tests.Messaging;

public sealed class WindowPhraseTests
{
    // A Friday.
    private static readonly LocalDate Today = new(2026, 11, 20);
    private static readonly LocalTime Five = new(17, 0);

    [Fact]
    [Trait("Requirement", "C-01")]
    public void Open_with_hours_to_go_says_today() =>
        Assert.Equal("during business hours today", WindowPhrase.For(Today.At(new(10, 0)), true, Five, Next(1)));

    [Theory]
    [InlineData(16, 0, "during business hours today")]
    [InlineData(16, 1, "today or on Monday after 8:00 AM")]
    [InlineData(16, 59, "today or on Monday after 8:00 AM")]
    public void In_the_last_hour_today_alone_is_no_longer_promised(int hour, int minute, string phrase) =>
        Assert.Equal(phrase, WindowPhrase.For(Today.At(new(hour, minute)), true, Five, Next(3)));

    [Theory]
    [InlineData(0, "when we open today at 8:00 AM")]
    [InlineData(1, "when we open tomorrow at 8:00 AM")]
    [InlineData(2, "on Sunday after 8:00 AM")]
    [InlineData(6, "on Thursday after 8:00 AM")]
    [InlineData(7, "on Nov 27 after 8:00 AM")]
    [InlineData(40, "on Dec 30 after 8:00 AM")]
    public void Closed_names_the_next_opening(int days, string phrase) =>
        Assert.Equal(phrase, WindowPhrase.For(Today.At(new(6, 0)), false, null, Next(days)));

    [Theory]
    [InlineData(0, "cuando abramos hoy a las 8:00 AM")]
    [InlineData(1, "cuando abramos mañana a las 8:00 AM")]
    [InlineData(5, "el miércoles después de las 8:00 AM")]
    [InlineData(40, "el 30 de dic después de las 8:00 AM")]
    public void Spanish_names_it_too(int days, string phrase) =>
        Assert.Equal(phrase, WindowPhrase.For(Today.At(new(6, 0)), false, null, Next(days), "es-US"));

    [Fact]
    public void One_oclock_is_singular_in_spanish() =>
        Assert.Equal(
            "cuando abramos hoy a la 1:30 PM",
            WindowPhrase.For(Today.At(new(6, 0)), false, null, Today.At(new(13, 30)), "es"));

    [Fact]
    public void Midnight_and_noon_are_written_with_12()
    {
        Assert.Equal("when we open today at 12:00 PM", WindowPhrase.For(Today.At(new(6, 0)), false, null, Today.At(LocalTime.Noon)));
        Assert.Equal(
            "when we open tomorrow at 12:05 AM",
            WindowPhrase.For(Today.At(new(6, 0)), false, null, Today.PlusDays(1).At(new(0, 5))));
    }

    [Fact]
    public void Hours_past_midnight_close_tomorrow() =>
        Assert.Equal("during business hours today", WindowPhrase.For(Today.At(new(22, 0)), true, new(2, 0), Next(1)));

    [Fact]
    public void A_business_that_never_closes_or_has_no_known_opening_names_only_its_hours()
    {
        Assert.Equal("during business hours today", WindowPhrase.For(Today.At(new(3, 0)), true, null, null));
        Assert.Equal("during business hours", WindowPhrase.For(Today.At(new(3, 0)), false, null, null));
        Assert.Equal("during business hours", WindowPhrase.For(Today.At(new(3, 0)), false, null, Today.At(new(2, 0))));
        Assert.Equal("en horario de oficina", WindowPhrase.For(Today.At(new(3, 0)), false, null, null, "es"));
    }

    [Fact]
    [Trait("Requirement", "C-15")]
    public void No_phrase_is_longer_than_the_worst_case_of_its_variable_or_names_a_duration()
    {
        var longest = TemplateVariables.Find("window")!.MaxLength;
        var latest = new LocalTime(22, 45);
        foreach (var locale in (string[])["en", "es"])
        {
            for (var days = 0; days < 400; days++)
            {
                foreach (var open in (bool[])[true, false])
                {
                    var phrase = WindowPhrase.For(Today.At(new(22, 0)), open, latest, Today.PlusDays(days).At(latest), locale);

                    Assert.InRange(phrase.Length, 1, longest);
                    Assert.DoesNotContain("minute", phrase, StringComparison.Ordinal);
                    Assert.True(Gsm7.IsGsm7(Gsm7.Transliterate(phrase)), phrase);
                }
            }
        }
    }

    private static LocalDateTime Next(int days) => Today.PlusDays(days).At(new(8, 0));
}
