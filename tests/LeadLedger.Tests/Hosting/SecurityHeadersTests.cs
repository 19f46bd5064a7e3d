using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Hosting;

/// <summary>Browsers are told to come by https only where the service is reached by it.</summary>
public sealed class SecurityHeadersTests(TestPostgres postgres)
{
    [Fact]
    public async Task With_a_public_https_address_every_answer_says_so_for_a_year_and_speaks_for_no_other_host()
    {
        await using var app = await TestApp.StartAsync(postgres);
        foreach (var path in new[] { "/", "/sign-in", "/api/leads", "/health/live", "/staff/staff.css", "/nothing-is-here" })
        {
            using var answer = await app.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal("max-age=31536000", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
        }
    }

    [Fact]
    public async Task On_a_plain_http_address_nothing_is_said_about_https()
    {
        await using var app = await TestApp.StartAsync(postgres, TestApp.WednesdayMorning, [], settings: ["--PUBLIC_BASE_URL=http://leads.test"]);
        using var answer = await app.Http.GetAsync(new Uri("/sign-in", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }
}
