using LeadLedger.Businesses;
using NodaTime;

namespace LeadLedger.Tests.Businesses;

public sealed class ExampleBusinessTests
{
    private static readonly Business _example = BusinessFile.Parse("example", BusinessFile.Example, "/etc/leadledger");

    [Fact]
    public void The_shipped_example_loads()
    {
        Assert.Equal("northside", _example.Id);
        Assert.Equal(["+12145550100", "+12145550101"], _example.Lines.Select(line => line.Number.E164));
        Assert.Equal(["website", "contact", "typeform", "webflow", "wordpress"], _example.Forms.Select(form => form.Id));
        Assert.Equal(["dana", "luis", "priya"], _example.Staff.Select(member => member.Id));
        Assert.Equal(Profile.Roofing, _example.Profile);
    }

    [Fact]
    public void Its_office_is_open_on_weekdays_and_Saturday_morning_and_closed_on_holidays()
    {
        Assert.True(IsOpen(2026, 11, 25, 7, 30));
        Assert.False(IsOpen(2026, 11, 26, 10, 0));
        Assert.False(IsOpen(2026, 11, 27, 12, 30));
        Assert.True(IsOpen(2026, 11, 28, 9, 0));
        Assert.False(IsOpen(2026, 11, 29, 10, 0));
        Assert.False(IsOpen(2026, 12, 24, 13, 0));
    }

    [Fact]
    [Trait("Requirement", "SEC-06")]
    public void Its_secrets_come_from_the_environment()
    {
        Assert.Equal(
            ["LEADLEDGER_FORM_SECRET", "LEADLEDGER_TYPEFORM_SECRET", "LEADLEDGER_WEBFLOW_SECRET", "LEADLEDGER_WORDPRESS_SECRET", "LEADLEDGER_GHL_SECRET"],
            SecretUse.Of(_example).Select(use => use.Secret.Env!));
    }

    [Fact]
    public void Its_commented_parts_work_once_the_slashes_are_gone()
    {
        var lines = BusinessFile.Example.Split('\n').Select(line =>
        {
            var text = line.TrimStart();
            var uncommented = text.StartsWith("// ", StringComparison.Ordinal) ? text[3..] : text;
            return text != uncommented && uncommented.TrimStart() is ['"' or '{' or '}' or ']', ..] ? uncommented : line;
        });

        var business = BusinessFile.Parse("example", string.Join('\n', lines), "/etc/leadledger");

        Assert.Single(business.Crm);
        Assert.NotNull(business.Twilio);
        Assert.NotNull(business.GhlSecret);
        Assert.NotNull(business.Tasks.TeamChannelUrl);
        Assert.Equal(2, business.Templates["ack-form"].Version);
    }

    [Theory]
    [InlineData("general", "en")]
    [InlineData("roofing", "es")]
    [InlineData("dental", "en")]
    [InlineData("dental", "es")]
    [InlineData("med_spa", "en")]
    [Trait("Requirement", "GEN-09")]
    public void It_works_for_every_trade_with_the_shipped_texts(string profile, string locale)
    {
        var text = BusinessFile.Example
            .Replace("\"profile\": \"roofing\"", $"\"profile\": \"{profile}\"", StringComparison.Ordinal)
            .Replace("\"locale\": \"en\"", $"\"locale\": \"{locale}\"", StringComparison.Ordinal);

        var business = BusinessFile.Parse("example", text, "/etc/leadledger");

        Assert.Equal(!business.Profile.IsHealthcare(), business.Templates["ack-prior-customer"].Enabled);
        Assert.All(
            business.Templates.Values.Where(template => template.Enabled),
            template => Assert.Equal(
                TemplateFitness.Problems(template, business with { Profile = Profile.General }),
                TemplateFitness.Problems(template, business)));
    }

    [Fact]
    public void Every_number_in_it_is_fictional() =>
        Assert.DoesNotMatch(@"\+1\d{3}(?!55501\d\d)\d{7}", BusinessFile.Example);

    private static bool IsOpen(int year, int month, int day, int hour, int minute) => _example.Calendar.IsOpen(
        new LocalDateTime(year, month, day, hour, minute).InZoneStrictly(_example.Zone).ToInstant());
}
