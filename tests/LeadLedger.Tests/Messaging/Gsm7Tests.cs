using LeadLedger.Messaging;

namespace LeadLedger.Tests.Messaging;

public sealed class Gsm7Tests
{
    [Theory]
    [InlineData("“Let’s talk” – soon…", "\"Let's talk\" - soon...")]
    [InlineData("a\u00A0b\u2009c\u202Fd", "a b c d")]
    [InlineData("em\u2014dash", "em-dash")]
    [InlineData("mañana a las ocho, señor", "mañana a las ocho, señor")]
    [InlineData("María, Zoë, François, Łukasz", "Maria, Zoe, Francois, Lukasz")]
    [InlineData("José e\u0301 n\u0303 a\u0302", "José é ñ a")]
    [InlineData("Nguyễn Thị Ánh Đào", "Nguyen Thi Anh Dào")]
    [InlineData("½ price™ • 3×4", "1/2 price(TM) * 3x4")]
    [InlineData("soft\u00ADhyphen\u200B", "softhyphen")]
    [InlineData("a\tb", "a b")]
    [Trait("Requirement", "C-15")]
    public void Typographic_characters_get_a_plain_form(string text, string plain)
    {
        Assert.Equal(plain, Gsm7.Transliterate(text));
        Assert.True(Gsm7.IsGsm7(plain));
    }

    [Theory]
    [InlineData("Иван")]
    [InlineData("王小明")]
    [InlineData("ok 👍")]
    public void What_has_no_plain_form_stays(string text)
    {
        Assert.Equal(text, Gsm7.Transliterate(text));
        Assert.False(Gsm7.IsGsm7(text));
    }

    [Fact]
    public void A_plain_text_is_returned_as_it_is()
    {
        const string Text = "Plain text with {braces} and €5";

        Assert.Same(Text, Gsm7.Transliterate(Text));
    }

    [Fact]
    public void The_alphabet_has_its_127_letters_and_10_extensions()
    {
        // 128 positions of the basic table without the escape, and the extension table with form feed.
        var widths = Enumerable.Range(0, char.MaxValue + 1).Select(code => SmsSegments.Measure(((char)code).ToString()))
            .Where(length => length.Encoding == SmsEncoding.Gsm7).ToList();

        Assert.Equal(127, widths.Count(length => length.Units == 1));
        Assert.Equal(10, widths.Count(length => length.Units == 2));
    }
}
