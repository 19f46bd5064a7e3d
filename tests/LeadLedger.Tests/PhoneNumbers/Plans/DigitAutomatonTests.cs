using System.Globalization;
using System.Text.RegularExpressions;
using LeadLedger.PhoneNumbers.Plans;

namespace LeadLedger.Tests.PhoneNumbers.Plans;

public sealed class DigitAutomatonTests
{
    private const int Seed = 20261120;

    private static readonly string[] Patterns =
    [
        @"[2-9]\d{9}|3\d{6}",
        @"(?:0|1(?:1[0-69]|2[02-5]|5[13-58]|69|7[0167]|8[018]))0",
        @"8(?:00|33|44|55|66|77|88)[2-9]\d{6}",
        @"1(?:2?3?4?|5{2,4})6|17?",
        @"(?:11|[89]\d\d)\d{2,4}|[2368]\d{3}",
        "",
    ];

    [Fact]
    public void Every_pattern_matches_what_a_regular_expression_matches()
    {
        var automaton = DigitAutomaton.Build([.. Patterns.Select(pattern => DigitPattern.Parse(pattern))]);
        var whole = Patterns.Select(pattern => new Regex($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant)).ToList();
        var begins = Patterns.Select(pattern => new Regex($@"\A(?:{pattern})", RegexOptions.CultureInvariant)).ToList();
        var random = new Random(Seed);
        var matches = 0;
        for (var times = 0; times < 50_000; times++)
        {
            var digits = Digits(random, random.Next(12));
            Assert.Equal(Bits(whole, digits), automaton.MatchEntire(digits));
            Assert.Equal(Bits(begins, digits), automaton.MatchPrefix(digits));
            matches += automaton.MatchEntire(digits) != 0 ? 1 : 0;
        }

        Assert.True(matches > 1000, $"{matches} matches are too few to say anything");
    }

    [Fact]
    public void Equal_states_are_shared()
    {
        // Nowhere, the start, one state after 2, one after 3, and one tail of seven digits with its end.
        var automaton = DigitAutomaton.Build([DigitPattern.Parse(@"2(?:0\d{7}|1\d{7})|30\d{7}")]);
        Assert.Equal(1 + 1 + 2 + 8, automaton.States);
    }

    [Theory]
    [InlineData("(?=1)2")]
    [InlineData("1*")]
    [InlineData(@"\D")]
    [InlineData("[a-z]")]
    [InlineData("1)")]
    [InlineData("(?:1")]
    public void A_pattern_that_is_not_understood_is_refused_and_not_guessed(string pattern) =>
        Assert.ThrowsAny<Exception>(() => DigitPattern.Parse(pattern));

    [Theory]
    [InlineData("0(?:1|12)", "0123", 2, "")]
    [InlineData("0(?:12|1)", "0123", 3, "")]
    [InlineData(@"0(1\d)?", "01234", 3, "12")]
    [InlineData(@"0(1\d)?", "0234", 1, "")]
    [InlineData(@"([457]\d{3})$|1", "4567", 4, "4567")]
    [InlineData(@"([457]\d{3})$|1", "45678", -1, "")]
    [InlineData(@"([457]\d{3})$|1", "1234", 1, "")]
    [InlineData(@"(?:0|90)(?:(1[245])(\d{3}))?", "0142345", 6, "234")]
    [InlineData("0?(?:(11|22)15)?", "33", 0, "")]
    public void A_prefix_takes_the_first_alternative_that_fits(string pattern, string digits, int length, string group)
    {
        Assert.Equal(length, PrefixPattern.Parse(pattern)!.Match(digits, out var captured));
        Assert.Equal(group, digits[captured]);
        Assert.Equal(new Regex($@"\A(?:{pattern})", RegexOptions.CultureInvariant).Match(digits) is { Success: true } match
            ? match.Length : -1, length);
    }

    private static uint Bits(List<Regex> patterns, string digits) =>
        (uint)patterns.Index().Sum(pattern => pattern.Item.IsMatch(digits) ? 1 << pattern.Index : 0);

    private static string Digits(Random random, int length) => string.Concat(
        Enumerable.Range(0, length).Select(_ => random.Next(10).ToString(CultureInfo.InvariantCulture)));
}
