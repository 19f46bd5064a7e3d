using LeadLedger.Routing;

namespace LeadLedger.Tests.Routing;

public sealed class UrgentWordsTests
{
    [Theory]
    [Trait("Requirement", "RTE-08")]
    [InlineData("There is a LEAK over the stairs", "leak")]
    [InlineData("leak", "leak")]
    [InlineData("Water coming in, please hurry", "water coming in")]
    [InlineData("a leaky roof", "")]
    [InlineData("bleak weather", "")]
    [InlineData("bleak weather and a leak.", "leak")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Whole_words_in_any_case_are_found(string? text, string found) =>
        Assert.Equal(found, string.Join(", ", UrgentWords.In(text, ["leak", "water coming in"])));
}
