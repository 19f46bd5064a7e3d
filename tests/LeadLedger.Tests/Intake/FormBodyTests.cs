using System.Globalization;
using System.Text;
using LeadLedger.Intake;

namespace LeadLedger.Tests.Intake;

public sealed class FormBodyTests
{
    private const string UrlEncodedType = "application/x-www-form-urlencoded";

    [Fact]
    public void Fields_keep_their_order_their_repetitions_and_their_empty_values() =>
        Assert.Equal(
            [new("b", "2"), new("a", ""), new("b", "1"), new("flag", ""), new("", "x")],
            Read("b=2&a=&b=1&&flag&=x").Pairs);

    [Theory]
    [InlineData("a=%2B1512+555", "+1512 555")]
    [InlineData("a=+1512", " 1512")]
    [InlineData("a=100%", "100%")]
    [InlineData("a=%zz%4", "%zz%4")]
    [InlineData("a=%c3%A9", "\u00e9")]
    [InlineData("a=%ff", "\ufffd")]
    [InlineData("a=x=y", "x=y")]
    public void Values_are_decoded_and_bad_escapes_stand_for_themselves(string body, string value) =>
        Assert.Equal(value, Assert.Single(Read(body).Pairs).Value);

    [Fact]
    public void A_western_european_page_is_read_in_its_own_encoding()
    {
        var form = FormBody.Read("name=Zo%EB"u8.ToArray(), UrlEncodedType + "; charset=ISO-8859-1");

        Assert.Equal("Zo\u00eb", Assert.Single(form.Pairs).Value);
    }

    [Fact]
    public void A_form_bomb_is_an_error_sentence_and_not_an_exception()
    {
        var most = string.Join('&', Enumerable.Repeat("a=1", UrlEncoded.MaxPairs));

        Assert.Null(Read(most).Error);
        Assert.Equal("The form has more than 4096 fields.", Read(most + "&a=1").Error);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("text/plain")]
    public void Another_content_type_is_not_taken_for_a_form(string? type) =>
        Assert.NotNull(FormBody.Read("a=1"u8.ToArray(), type).Error);

    [Fact]
    public void Multipart_gives_text_fields_and_names_files_without_their_content()
    {
        var body = string.Join(
            "\r\n",
            "--xyz",
            "Content-Disposition: form-data; name=\"formID\"",
            "",
            "203112345678901",
            "--xyz",
            "Content-Disposition: form-data; name=\"photo\"; filename=\"roof.jpg\"",
            "Content-Type: image/jpeg",
            "",
            "JPEGDATA",
            "--xyz",
            "Content-Disposition: form-data; name=note",
            "",
            "line 1\r\nline 2 \u00e9",
            "--xyz--",
            "");

        var form = FormBody.Read(Encoding.UTF8.GetBytes(body), "multipart/form-data; boundary=\"xyz\"");

        Assert.Null(form.Error);
        Assert.Equal([new("formID", "203112345678901"), new("note", "line 1\r\nline 2 \u00e9")], form.Pairs);
        Assert.Equal(new UploadedFile("photo", "roof.jpg", 8), Assert.Single(form.Files));
    }

    [Fact]
    public void Multipart_that_ends_early_keeps_what_was_read()
    {
        var body = "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--xyz\r\nContent-Dispo"u8.ToArray();

        var form = FormBody.Read(body, "multipart/form-data; boundary=xyz");

        Assert.Equal(new("a", "1"), Assert.Single(form.Pairs));
        Assert.NotNull(form.Error);
    }

    [Theory]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=")]
    public void Multipart_without_a_boundary_is_an_error_sentence(string type) =>
        Assert.NotNull(FormBody.Read("--x--"u8.ToArray(), type).Error);

    // Reliability I5.
    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(11);
        var read = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var body = new byte[random.Next(200)];
            random.NextBytes(body);
            for (var index = 0; index < body.Length; index++)
            {
                body[index] = random.Next(3) == 0 ? (byte)"%+&=-\r\nab:;\"Content-Disposition"[random.Next(30)] : body[index];
            }

            read += FormBody.Read(body, UrlEncodedType).Pairs.Count;
            byte[] parts = [.. "--b\r\n"u8, .. body, .. "\r\n--b--"u8];
            read += FormBody.Read(parts, "multipart/form-data; boundary=b").Pairs.Count;
        }

        Assert.True(read > 0, read.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_query_is_read_with_or_without_its_question_mark()
    {
        Assert.Equal([new("utm_source", "google ads")], UrlEncoded.ReadQuery("?utm_source=google+ads"));
        Assert.Equal([new("a", "1")], UrlEncoded.ReadQuery("a=1"));
        Assert.Empty(UrlEncoded.ReadQuery(null));
    }

    private static FormBody Read(string body) => FormBody.Read(Encoding.UTF8.GetBytes(body), UrlEncodedType);
}
