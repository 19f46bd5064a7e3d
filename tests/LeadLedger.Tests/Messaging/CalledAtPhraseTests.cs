using LeadLedger.Messaging;
using NodaTime;

namespace LeadLedger.Tests.Messaging;

public sealed class CalledAtPhraseTests
{
    private static readonly LocalDate Today = new(2026, 11, 20);

    [Theory]
    [InlineData(0, "at 10:42 AM", "de las 10:42 AM")]
    [InlineData(1, "yesterday at 10:42 AM", "de ayer a las 10:42 AM")]
    [InlineData(2, "on Wednesday at 10:42 AM", "del miércoles a las 10:42 AM")]
    [InlineData(7, "on Nov 13 at 10:42 AM", "del 13 de nov a las 10:42 AM")]
    [Trait("Requirement", "ACK-14")]
    public void The_call_is_dated_as_a_person_would(int daysAgo, string english, string spanish)
    {
        var calledAt = Today.PlusDays(-daysAgo).At(new(10, 42));

        Assert.Equal(english, CalledAtPhrase.For(calledAt, Today));
        Assert.Equal(spanish, CalledAtPhrase.For(calledAt, Today, "es"));
        Assert.True(spanish.Length <= TemplateVariables.Find("called_at")!.MaxLength);
    }
}
