using System.Text;
using LeadLedger.Intake;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Intake.Twilio;

public sealed class TwilioErrorTests
{
    [Theory]
    [InlineData("21211", TwilioErrorKind.NotTextable, false, false)]
    [InlineData("21610", TwilioErrorKind.OptedOut, false, false)]
    [InlineData("21606", TwilioErrorKind.Config, false, false)]
    [InlineData("20003", TwilioErrorKind.Auth, false, true)]
    [InlineData("20404", TwilioErrorKind.Config, false, false)]
    [InlineData("20429", TwilioErrorKind.RateLimited, true, false)]
    public void The_older_shape_is_read(string code, TwilioErrorKind kind, bool retryable, bool stops)
    {
        var row = ContractFiles.Sample("twilio_errors.json").GetProperty("legacy").GetProperty(code);
        var body = row.GetProperty("body");

        var error = Read(row.GetProperty("status").GetInt32(), body.GetRawText());

        Assert.Equal(code, error.Code?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(body.GetProperty("message").GetString(), error.Message);
        Assert.Equal((kind, retryable, stops), (error.Kind, error.Retryable, error.StopsQueue));
    }

    [Fact]
    public void The_newer_shape_is_read()
    {
        var error = Read(400, ContractFiles.Sample("twilio_errors.json").GetProperty("rfc9457").GetRawText());

        Assert.Equal(20001, error.Code);
        Assert.Equal("Bad Request: The request was invalid Field is required #/From", error.Message);
        Assert.Equal(TwilioErrorKind.Config, error.Kind);
        Assert.False(error.Retryable);
    }

    [Theory]
    [InlineData(500, "<html>oops</html>", TwilioErrorKind.Uncertain)]
    [InlineData(503, "", TwilioErrorKind.Uncertain)]
    [InlineData(502, "{\"code\":\"many\"}", TwilioErrorKind.Uncertain)]
    [InlineData(429, "slow down", TwilioErrorKind.RateLimited)]
    [InlineData(401, "[]", TwilioErrorKind.Auth)]
    [InlineData(400, "{\"code\":99999999999999}", TwilioErrorKind.Config)]
    [InlineData(302, "{}", TwilioErrorKind.Uncertain)]
    [InlineData(400, "{\"code\":21610,\"message\":{\"a\":[1]}}", TwilioErrorKind.OptedOut)]
    [InlineData(500, "{\"code\":12345}", TwilioErrorKind.Uncertain)]
    public void A_strange_answer_is_judged_by_its_status(int status, string body, TwilioErrorKind kind) =>
        Assert.Equal(kind, Read(status, body).Kind);

    [Fact]
    public void A_server_error_is_never_repeated_blindly() =>
        Assert.All(Enumerable.Range(500, 100), status => Assert.False(Read(status, "").Retryable));

    [Fact]
    public void Hostile_words_are_cut_to_one_line()
    {
        var error = Read(400, $$"""{"code":1,"message":"a\r\nb\u0000{{new string('x', 60_000)}}"}""");

        Assert.Equal(500, error.Message!.Length);
        Assert.StartsWith("a b\ufffd", error.Message, StringComparison.Ordinal);
        Assert.Null(Read(400, new string('[', 10_000_000)).Code);
    }

    [Fact]
    public void Every_code_of_the_contract_has_one_meaning()
    {
        int[] codes =
        [
            20003, 20404, 20429, 21211, 21408, 21603, 21606, 21610, 21612, 21614, 21617, 30001, 30002, 30003, 30004,
            30005, 30006, 30007, 30008, 30034, 30450,
        ];

        Assert.Equal(codes, TwilioErrors.All.Select(error => error.Code).Order());
        Assert.All(TwilioErrors.All, error => Assert.EndsWith(".", error.Meaning, StringComparison.Ordinal));
        Assert.All(TwilioErrors.All, error => Assert.NotEqual(TwilioErrorKind.Unknown, error.Kind));
        Assert.Equal(TwilioErrorKind.Unknown, TwilioErrors.Of(4711).Kind);
        Assert.False(TwilioErrors.Of(4711).Retryable);
    }

    [Fact]
    public void Random_bodies_never_throw()
    {
        var random = new Random(23);
        for (var round = 0; round < 5_000; round++)
        {
            var body = new byte[random.Next(80)];
            random.NextBytes(body);

            Assert.Equal(round % 600, TwilioError.Read(round % 600, body).HttpStatus);
        }
    }

    private static TwilioError Read(int status, string body) => TwilioError.Read(status, Encoding.UTF8.GetBytes(body));
}
