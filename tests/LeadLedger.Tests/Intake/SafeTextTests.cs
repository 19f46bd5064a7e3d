using FsCheck;
using FsCheck.Fluent;
using LeadLedger.Intake;

namespace LeadLedger.Tests.Intake;

public sealed class SafeTextTests
{
    // Attributes cannot carry half a surrogate pair, so these rows are not InlineData.
    [Fact]
    public void What_the_database_refuses_is_replaced()
    {
        (string Text, string Expected)[] rows =
        [
            ("a\0b", "a\ufffdb"),
            ("\ud83d", "\ufffd"),
            ("\ude00\ud83d", "\ufffd\ufffd"),
            ("x\ud83d\ud83d\ude00", "x\ufffd\ud83d\ude00"),
        ];
        foreach (var (text, expected) in rows)
        {
            Assert.Equal(expected, SafeText.Clean(text, out var changed));
            Assert.True(changed);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("\ud83d\ude00 \u202e bidi =cmd|' /C calc'!A0")]
    public void Anything_else_stays_as_it_is(string text)
    {
        Assert.Same(text, SafeText.Clean(text, out var changed));
        Assert.False(changed);
    }

    [Fact]
    public void A_line_has_no_breaks_and_ends_at_its_length()
    {
        Assert.Equal("Jane Doe X-Header: 1", SafeText.Line(" Jane\tDoe\r\nX-Header: 1\n", 100));
        Assert.Equal("ab", SafeText.Line("ab\ud83d\ude00", 3));
    }

    [Fact]
    public void Cleaned_text_survives_utf8_and_cleaning_again() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000),
            Prop.ForAll<char[]>(characters =>
            {
                var cleaned = SafeText.Clean(new string(characters ?? []));
                var copy = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(cleaned));
                return copy == cleaned && !cleaned.Contains('\0') && SafeText.Clean(cleaned) == cleaned;
            }));
}
