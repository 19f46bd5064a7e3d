using LeadLedger.Businesses;

namespace LeadLedger.Tests.Businesses;

public sealed class SecretTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    [Trait("Requirement", "SEC-06")]
    public void A_secret_comes_from_its_variable_or_its_file()
    {
        Environment.SetEnvironmentVariable("LEADLEDGER_TEST_SET", " s3cret\n");
        File.WriteAllText(_file, "from a file\n");

        Assert.Equal("s3cret", new Secret("LEADLEDGER_TEST_SET", null).Reveal());
        Assert.Equal("from a file", new Secret(null, _file).Reveal());
    }

    [Fact]
    [Trait("Requirement", "SEC-06")]
    public void What_is_missing_or_empty_is_no_secret()
    {
        Environment.SetEnvironmentVariable("LEADLEDGER_TEST_BLANK", "  ");
        File.WriteAllText(_file, "\n");

        Assert.Null(new Secret("LEADLEDGER_TEST_BLANK", null).Reveal());
        Assert.Null(new Secret("LEADLEDGER_TEST_UNSET", null).Reveal());
        Assert.Null(new Secret(null, _file).Reveal());
        Assert.Null(new Secret(null, _file + ".none").Reveal());
        Assert.Null(new Secret(null, Path.GetTempPath()).Reveal());
    }

    [Fact]
    public void A_missing_secret_is_a_warning_that_says_what_stays_closed()
    {
        var business = BusinessTexts.Load(Everything.Text);
        Environment.SetEnvironmentVariable("A", "set");

        Assert.Equal(
            [
                "everything: twilio.authToken: env:C is not set: its Twilio webhooks are refused and no text is sent",
                "everything: ghlSecret: file:/run/secrets/ghl is not set: its GoHighLevel webhook is refused",
                "everything: tasks.teamChannelUrl: env:B is not set: the team channel hears nothing",
                "everything: crm[0].signingSecret: env:E is not set: nothing is sent to jobs",
            ],
            SecretUse.Missing([business]).Select(use => use.ToString()));
        Assert.Contains(SecretUse.Of(business), use => use.Path == "forms[0].authentication.secret");
    }
}
