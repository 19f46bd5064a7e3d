using LeadLedger.Businesses;
using LeadLedger.Intake;
using NodaTime;

namespace LeadLedger.Tests.Intake.Forms;

[Trait("Requirement", "SEC-01")]
public sealed class FormAuthenticityTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 1, 1, 0, 0);

    [Theory]
    [InlineData("https://www.example.com", SignatureVerdict.Valid)]
    [InlineData("HTTPS://WWW.EXAMPLE.COM", SignatureVerdict.Valid)]
    [InlineData("https://www.example.com.evil.test", SignatureVerdict.Invalid)]
    [InlineData("http://www.example.com", SignatureVerdict.Invalid)]
    [InlineData("null", SignatureVerdict.Invalid)]
    [InlineData(null, SignatureVerdict.Missing)]
    public void A_browser_must_come_from_an_allowed_origin(string? origin, SignatureVerdict verdict)
    {
        var form = Form(FormScheme.BrowserOrigin) with { AllowedOrigins = ["https://www.example.com/"] };

        Assert.Equal(verdict, FormAuthenticity.Verify(form, [], _ => origin, null, [], Now));
    }

    [Fact]
    public void No_allowed_origin_allows_none() =>
        Assert.Equal(
            SignatureVerdict.NotConfigured,
            FormAuthenticity.Verify(Form(FormScheme.BrowserOrigin), [], _ => "https://a.example", null, [], Now));

    [Theory]
    [InlineData("Bearer s3cret", null, SignatureVerdict.Valid)]
    [InlineData("s3cret", null, SignatureVerdict.Valid)]
    [InlineData(null, "s3cret", SignatureVerdict.Valid)]
    [InlineData("Bearer wrong", "s3cret", SignatureVerdict.Invalid)]
    [InlineData(null, null, SignatureVerdict.Missing)]
    public void A_shared_secret_comes_in_a_header_or_in_the_query(string? header, string? key, SignatureVerdict verdict)
    {
        var form = Form(FormScheme.SharedSecret, "Authorization", "Bearer ");

        Assert.Equal(verdict, FormAuthenticity.Verify(form, ["s3cret"], _ => header, key, [], Now));
    }

    [Fact]
    public void The_standard_webhooks_headers_are_asked_for_by_name()
    {
        var asked = new List<string>();

        var verdict = FormAuthenticity.Verify(
            Form(FormScheme.StandardWebhooks),
            ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
            name =>
            {
                asked.Add(name);
                return null;
            },
            null,
            [],
            Now);

        Assert.Equal(SignatureVerdict.Missing, verdict);
        Assert.Equal(["webhook-id", "webhook-timestamp", "webhook-signature"], asked);
    }

    private static Form Form(FormScheme scheme, string? header = null, string prefix = "") => new()
    {
        Id = "contact",
        Label = "Contact",
        Authentication = new() { Scheme = scheme, Header = header, Prefix = prefix },
    };
}
