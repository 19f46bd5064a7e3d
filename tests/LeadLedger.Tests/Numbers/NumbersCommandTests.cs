using System.Text.Json;
using LeadLedger.Numbers;

namespace LeadLedger.Tests.Numbers;

public sealed class NumbersCommandTests
{
    [Fact]
    public void A_number_is_answered_with_everything_its_plan_tells()
    {
        var answer = Assert.Single(Run("US\t(214) 555-0100 ext. 7"));
        Assert.Equal(
            """
            {"e164":"+12145550100","valid":true,"possible":true,"possibility":"isPossible","validForRegion":true,"type":"fixedLineOrMobile","region":"US","national":"(214) 555-0100 ext. 7","international":"+1 214-555-0100 ext. 7","rfc3966":"tel:+1-214-555-0100;ext=7","extension":"7","zones":["America/Chicago"]}
            """,
            answer);
    }

    [Theory]
    [InlineData("US\tcall me", "notANumber")]
    [InlineData("ZZ\t214 555 0100", "invalidCountryCode")]
    [InlineData("214 555 0100", "invalidCountryCode")]
    [InlineData("", "notANumber")]
    [InlineData("US\t", "notANumber")]
    public void A_text_that_is_no_number_is_answered_with_the_reason(string line, string reason) =>
        Assert.Equal($$"""{"error":"{{reason}}"}""", Assert.Single(Run(line)));

    [Fact]
    public void A_line_without_a_region_is_read_as_an_international_number() =>
        Assert.Contains("\"e164\":\"+442079460958\"", Assert.Single(Run("+44 20 7946 0958")), StringComparison.Ordinal);

    [Fact]
    public void Every_line_has_one_line_of_answer_in_the_same_order()
    {
        var lines = Enumerable.Range(0, 2000).Select(line => $"US\t214555{line:D4}").ToArray();
        var answers = Run(lines);
        Assert.Equal(
            lines.Select(line => "+1" + line[3..]),
            answers.Select(answer => JsonDocument.Parse(answer).RootElement.GetProperty("e164").GetString()));
    }

    private static string[] Run(params string[] lines)
    {
        using var output = new StringWriter();
        Assert.Equal(0, NumbersCommand.Run(new StringReader(string.Concat(lines.Select(line => line + "\n"))), output));
        return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
