using LeadLedger.PhoneNumbers;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.PhoneNumbers;

[Trait("Requirement", "TST-04")]
[Trait("Requirement", "ING-21")]
public sealed class CallerIdTests
{
    public static TheoryData<string, string> Placeholders()
    {
        var vectors = ContractFiles.Vectors("caller-id-sentinels.json");
        var placeholders = new TheoryData<string, string>();
        foreach (var word in vectors.GetProperty("alpha").EnumerateArray().Select(word => word.GetString()!))
        {
            placeholders.Add(word, word);
            placeholders.Add(word.ToUpperInvariant(), word);
            placeholders.Add($" +{word} ", word);
        }

        foreach (var spelling in vectors.GetProperty("digits").EnumerateArray())
        {
            var digits = spelling.GetProperty("digits").GetString()!;
            foreach (var before in new[] { "", "+", "1", "+1", "+1 " })
            {
                placeholders.Add(before + digits, spelling.GetProperty("spells").GetString()!.ToLowerInvariant());
            }
        }

        return placeholders;
    }

    [Theory]
    [MemberData(nameof(Placeholders))]
    public void A_placeholder_is_a_withheld_number_and_never_a_number(string raw, string word)
    {
        foreach (var region in new[] { "US", "CN", "LS", "GB" })
        {
            var reading = CallerId.Read(raw, region);
            Assert.Equal(new CallerIdReading.Withheld(word), reading);
            Assert.Null(reading.PhoneNumber);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("+")]
    public void An_empty_caller_id_is_withheld(string? raw) =>
        Assert.Equal(new CallerIdReading.Withheld(""), CallerId.Read(raw, "US"));

    [Theory]
    [InlineData("+12145550100")]
    [InlineData(" 12145550100")]
    [InlineData("(214) 555-0100")]
    [InlineData("2145550100")]
    public void A_real_number_is_a_number(string raw) =>
        Assert.Equal("+12145550100", CallerId.Read(raw, "US").PhoneNumber?.E164);

    [Theory]
    [InlineData("client:alice", NotANumberReason.Client)]
    [InlineData("CLIENT:+12145550100", NotANumberReason.Client)]
    [InlineData("sip:+12145550100@example.com", NotANumberReason.Sip)]
    [InlineData("sips:2145550100@example.com", NotANumberReason.Sip)]
    [InlineData("12345", NotANumberReason.Short)]
    [InlineData("555-0100", NotANumberReason.Short)]
    [InlineData("+15558675310", NotANumberReason.NotInPlan)]
    [InlineData("CITY HALL", NotANumberReason.Unreadable)]
    [InlineData("+999999999999", NotANumberReason.Unreadable)]
    [InlineData("21455501002145550100", NotANumberReason.Unreadable)]
    public void What_cannot_be_called_back_says_why(string raw, NotANumberReason reason) =>
        Assert.Equal(new CallerIdReading.NotANumber(reason), CallerId.Read(raw, "US"));

    [Fact]
    public void A_number_that_only_holds_a_placeholder_is_a_number() =>
        Assert.Equal("+862586566960", CallerId.Read("+86 25 8656 6960", "US").PhoneNumber?.E164);
}
