using System.Diagnostics;
using System.Text;
using LeadLedger.PhoneNumbers;

namespace LeadLedger.Tests.PhoneNumbers;

/// <summary>Whatever a form, a webhook or a list holds, reading it neither throws nor takes long.</summary>
public sealed class HostileTextTests
{
    private const int Seed = 20261120;
    private static readonly string[] Regions = ["US", "GB", "AR", "BR", "JP", "DE", "IT", "800", "001", "ZZ", "", "U", "\u0131T"];

    private const string Near =
        "0123456789 +-().,;:#x~*/\\[]extnint\u00A0\u2010\uFF0B\uFF11\u0661\u06F1\uFF58\uFF45\u0434\u043E\u0431\u00F3\u0301";

    [Fact]
    public void Random_text_of_any_script_never_throws()
    {
        var random = new Random(Seed);
        for (var times = 0; times < 30_000; times++)
        {
            var text = RandomText(random, random.Next(40));
            Touch(text, Regions[random.Next(Regions.Length)]);
        }
    }

    [Fact]
    public void Ten_thousand_characters_are_refused_before_they_are_read()
    {
        var random = new Random(Seed);
        for (var times = 0; times < 200; times++)
        {
            Assert.False(PhoneNumber.TryParse(RandomText(random, 10_000), "US", out _, out var error));
            Assert.Equal(ParseError.TooLong, error);
            Touch(new string(Near[times % Near.Length], 10_000), "US");
        }
    }

    [Fact]
    public void The_longest_texts_that_are_read_take_bounded_time()
    {
        string[] hostile =
        [
            new string('1', 250),
            "214" + new string(',', 240) + "7",
            "214" + new string(' ', 240) + "x7",
            "214" + string.Concat(Enumerable.Repeat(" ,-", 80)) + "7#",
            "214" + string.Concat(Enumerable.Repeat("/ ", 120)) + "7",
            new string('+', 249) + "1",
            "1;phone-context=" + new string('a', 200) + ".",
            "1;phone-context=" + string.Concat(Enumerable.Repeat("a-", 110)),
            "1;phone-context=+" + new string('-', 200),
            string.Concat(Enumerable.Repeat("ext", 80)) + "7",
            "2145550100" + string.Concat(Enumerable.Repeat("x1", 119)),
        ];
        Assert.All(hostile, text => Assert.True(text.Length <= 250));
        var started = Stopwatch.GetTimestamp();
        foreach (var region in PhoneNumberUtil.SupportedRegions)
        {
            foreach (var text in hostile)
            {
                Touch(text, region);
            }
        }

        // About 2,700 readings; a search that grew with the square of a square would need minutes.
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_reading_allocates_at_most_two_hundred_bytes()
    {
        const int Times = 1000;
        PhoneNumber.TryParse("(214) 555-0100", "US", out _, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var valid = 0;
        for (var times = 0; times < Times; times++)
        {
            valid += PhoneNumber.TryParse("(214) 555-0100", "US", out var number, out _)
                && number.IsValid && number.E164.Length == 12 ? 1 : 0;
        }

        Assert.Equal(Times, valid);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 200 * Times);
    }

    private static void Touch(string text, string region)
    {
        _ = CallerId.Read(text, region);
        _ = PhoneNumberUtil.IsNumberMatch(text, "+12145550100");
        if (!PhoneNumber.TryParse(text, region, out var number, out var error))
        {
            Assert.NotEqual(ParseError.None, error);
            return;
        }

        foreach (var format in Enum.GetValues<PhoneNumberFormat>())
        {
            Assert.NotEmpty(number.Format(format));
        }

        Assert.Equal(number.E164, PhoneNumber.FromE164(number.E164).E164);
        _ = (number.Region, number.Type, number.TimeZones, number.CanReceiveText, number.IsValidFor(region));
    }

    private static string RandomText(Random random, int length)
    {
        var text = new StringBuilder(length);
        var near = random.Next(4) > 0;
        while (text.Length < length)
        {
            text.Append(near && random.Next(50) > 0 ? Near[random.Next(Near.Length)] : (char)random.Next(0x10000));
        }

        return text.ToString();
    }
}
