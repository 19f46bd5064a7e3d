using LeadLedger.Intake;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Intake;

[Trait("Requirement", "ING-21")]
[Trait("Requirement", "TST-04")]
public sealed class CallerIdsTests
{
    [Fact]
    public void Every_known_word_and_keypad_spelling_is_a_withheld_caller()
    {
        var vectors = ContractFiles.Vectors("caller-id-sentinels.json");

        foreach (var word in vectors.GetProperty("alpha").EnumerateArray().Select(item => item.GetString()!))
        {
            Assert.True(CallerIds.IsWithheld(word), word);
            Assert.True(CallerIds.IsWithheld(word.ToUpperInvariant()), word);
        }

        foreach (var row in vectors.GetProperty("digits").EnumerateArray())
        {
            var digits = row.GetProperty("digits").GetString()!;
            Assert.All(
                new[] { digits, "+" + digits, "1" + digits, "+1" + digits },
                spelling => Assert.True(CallerIds.IsWithheld(spelling), spelling));
        }
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("  ", true)]
    [InlineData("+12145550100", false)]
    [InlineData("+1", false)]
    [InlineData("+26669668", false)]
    [InlineData("+862824522531", false)]
    public void An_ordinary_number_is_not(string? callerId, bool withheld) =>
        Assert.Equal(withheld, CallerIds.IsWithheld(callerId));

    [Theory]
    [InlineData("client:alice", true)]
    [InlineData("sip:100@example.com", true)]
    [InlineData("whatsapp:+12145550100", true)]
    [InlineData("tel:+12145550100", false)]
    [InlineData("+12145550100", false)]
    public void Other_networks_addresses_are_told_apart(string callerId, bool address) =>
        Assert.Equal(address, CallerIds.IsAddress(callerId));
}
