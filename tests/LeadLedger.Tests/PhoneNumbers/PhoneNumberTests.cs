using LeadLedger.PhoneNumbers;

namespace LeadLedger.Tests.PhoneNumbers;

public sealed class PhoneNumberTests
{
    [Theory]
    [Trait("Requirement", "NRM-01")]
    [InlineData("(214) 555-0100")]
    [InlineData("214.555.0100")]
    [InlineData("+1 214 555 0100")]
    [InlineData("tel:+12145550100")]
    [InlineData("1 (214) 555-0100")]
    [InlineData("011 1 214 555 0100")]
    [InlineData("(214) JKL-0100")]
    [InlineData("\uFF12\uFF11\uFF14\uFF15\uFF15\uFF15\uFF10\uFF11\uFF10\uFF10")]
    [InlineData("tel:555-0100;phone-context=+1214")]
    [InlineData("Call me: 214-555-0100.")]
    public void Every_written_form_gives_one_value(string text)
    {
        Assert.True(PhoneNumber.TryParse(text, "US", out var number, out var error));
        Assert.Equal("+12145550100", number.E164);
        Assert.Equal(ParseError.None, error);
        Assert.True(number.IsValid);
    }

    [Theory]
    [Trait("Requirement", "NRM-02")]
    [InlineData("214-555-0100 x7")]
    [InlineData("214-555-0100 ext. 7")]
    [InlineData("2145550100,7")]
    [InlineData("tel:+1-214-555-0100;ext=7")]
    [InlineData("214-555-0100 extension 7#")]
    public void The_extension_is_kept_apart_from_the_number(string text)
    {
        Assert.True(PhoneNumber.TryParse(text, "US", out var number, out _));
        Assert.Equal(("+12145550100", "7"), (number.E164, number.Extension));
        Assert.NotEqual(PhoneNumber.FromE164("+12145550100"), number);
    }

    [Theory]
    [Trait("Requirement", "NRM-02")]
    [InlineData("555-0100", Possibility.IsPossibleLocalOnly)]
    [InlineData("214-555-010", Possibility.TooShort)]
    [InlineData("214-55", Possibility.TooShort)]
    public void A_number_with_too_few_digits_is_neither_possible_nor_valid(string text, Possibility possibility)
    {
        Assert.True(PhoneNumber.TryParse(text, "US", out var number, out _));
        Assert.Equal(possibility, number.Possibility);
        Assert.False(number.IsPossible);
        Assert.False(number.IsValid);
    }

    [Theory]
    [InlineData(null, ParseError.NotANumber)]
    [InlineData("", ParseError.NotANumber)]
    [InlineData("call me", ParseError.NotANumber)]
    [InlineData("+999 123 456", ParseError.InvalidCountryCode)]
    [InlineData("011 4", ParseError.TooShortAfterIdd)]
    [InlineData("x4", ParseError.NotANumber)]
    [InlineData("+49 1", ParseError.TooShort)]
    [InlineData("+49 123456789012345678", ParseError.TooLong)]
    public void An_unreadable_text_has_its_reason(string? text, ParseError reason)
    {
        Assert.False(PhoneNumber.TryParse(text, "US", out var number, out var error));
        Assert.Null(number);
        Assert.Equal(reason, error);
    }

    [Theory]
    [InlineData(" 442079460958", "US", "+442079460958")]
    [InlineData(" 12145550100", "US", "+12145550100")]
    [InlineData(" 12145550100", "GB", "+12145550100")]
    public void A_plus_lost_to_a_space_still_reads_as_international(string text, string region, string e164)
    {
        Assert.True(PhoneNumber.TryParse(text, region, out var number, out _));
        Assert.Equal(e164, number.E164);
    }

    [Fact]
    public void A_space_before_a_valid_national_number_is_only_a_space()
    {
        // +51 25550134 could be somebody in Peru; the number as it stands is somebody in Austin.
        Assert.True(PhoneNumber.TryParse(" 5125550134", "US", out var number, out _));
        Assert.Equal("+15125550134", number.E164);
    }

    [Fact]
    public void The_four_formats_are_those_of_the_plan()
    {
        Assert.True(PhoneNumber.TryParse("2145550100x7", "US", out var number, out _));
        Assert.Equal("+12145550100", number.Format(PhoneNumberFormat.E164));
        Assert.Equal("(214) 555-0100 ext. 7", number.Format(PhoneNumberFormat.National));
        Assert.Equal("+1 214-555-0100 ext. 7", number.Format(PhoneNumberFormat.International));
        Assert.Equal("tel:+1-214-555-0100;ext=7", number.Format(PhoneNumberFormat.Rfc3966));
    }

    [Theory]
    [InlineData("+12145550100", NumberType.FixedLineOrMobile, true)]
    [InlineData("+18005550100", NumberType.TollFree, false)]
    [InlineData("+19005550100", NumberType.PremiumRate, false)]
    [InlineData("+442079460958", NumberType.FixedLine, false)]
    [InlineData("+447400123456", NumberType.Mobile, true)]
    [InlineData("+15558675310", NumberType.Unknown, true)]
    [InlineData("+1214555", NumberType.Unknown, false)]
    public void A_text_is_possible_unless_the_plan_rules_it_out(string e164, NumberType type, bool canReceiveText)
    {
        var number = PhoneNumber.FromE164(e164);
        Assert.Equal((type, canReceiveText), (number.Type, number.CanReceiveText));
    }

    [Fact]
    public void A_stored_number_comes_back_as_it_was()
    {
        foreach (var region in PhoneNumberUtil.SupportedRegions)
        {
            foreach (var type in Enum.GetValues<NumberType>())
            {
                if (PhoneNumberUtil.GetExampleNumber(region, type) is { } example)
                {
                    Assert.Equal(example, PhoneNumber.FromE164(example.E164));
                    Assert.Equal(example.GetHashCode(), PhoneNumber.FromE164(example.E164).GetHashCode());
                }
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("12145550100")]
    [InlineData("+1 2145550100")]
    [InlineData("+")]
    [InlineData("+1")]
    [InlineData("+0123456")]
    [InlineData("+999123456")]
    [InlineData("+1123456789012345678")]
    [InlineData("+1\uFF12145550100")]
    public void Rubbish_is_no_stored_number(string e164) =>
        Assert.Throws<FormatException>(() => PhoneNumber.FromE164(e164));

    [Fact]
    public void Leading_zeros_of_Italian_numbers_belong_to_the_number()
    {
        Assert.True(PhoneNumber.TryParse("02 3661 8300", "IT", out var number, out _));
        Assert.Equal(("+390236618300", "0236618300"), (number.E164, number.NationalNumber));
    }
}
