using System.Net;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;
using LeadLedger.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LeadLedger.Tests.Staff;

/// <summary>No page shows an auditor who got in touch, or what they wrote, until the lead is unmasked with a reason.</summary>
public sealed class MaskedPagesTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "SCR-21")]
    public async Task No_page_of_all_there_are_shows_an_auditor_anything_personal_before_it_is_unmasked()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var story = await PersonalStory.TellAsync(app);
        using var owner = await StaffBrowser.SignInAsync(app, "olga", StaffUser.Owner);
        using var auditor = await StaffBrowser.SignInAsync(app, "ann", StaffUser.Auditor);
        var pages = Pages(app, story).ToArray();
        Assert.True(pages.Length > 25, $"only {pages.Length} pages were found");
        var (shown, seen) = (0, 0);
        foreach (var path in pages)
        {
            var page = await auditor.GetAsync(path);
            Assert.True((int)page.Status is 200 or 302 or 403 or 404 or 409 or 410, $"{path} answers {page.Status}");
            var found = PersonalStory.FoundIn(WebUtility.HtmlDecode(page.Html));
            Assert.True(found.Count == 0, $"{path} shows an auditor {string.Join(", ", found)}");
            seen += page.Status == HttpStatusCode.OK ? 1 : 0;
            shown += PersonalStory.FoundIn(WebUtility.HtmlDecode((await owner.GetAsync(path)).Html)).Count > 0 ? 1 : 0;
        }

        // What is hidden is there: the same pages show it to somebody else.
        Assert.True(seen > 20, $"only {seen} pages were opened");
        Assert.True(shown > 12, $"only {shown} pages show anything at all");
        foreach (var value in new[] { PersonalStory.Number, "(214) 555-8642", PersonalStory.Mailbox })
        {
            Assert.Empty(PersonalStory.FoundIn(WebUtility.HtmlDecode((await auditor.PostAsync("/consent", ("value", value))).Html)));
        }

        Assert.Empty(PersonalStory.FoundIn(WebUtility.HtmlDecode((await auditor.GetAsync("/leads/export?view=all")).Html)));
    }

    [Fact]
    [Trait("Requirement", "SCR-21")]
    public async Task After_unmasking_with_a_reason_the_pages_of_that_lead_show_it_and_the_look_is_kept()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var story = await PersonalStory.TellAsync(app);
        using var auditor = await StaffBrowser.SignInAsync(app, "ann", StaffUser.Auditor);
        Assert.Contains("You see this lead", (await auditor.PressAsync($"/leads/{story.Lead}/unmask", ("reason", "complaint 17"))).Decoded, StringComparison.Ordinal);
        var sheet = WebUtility.HtmlDecode((await auditor.GetAsync($"/leads/{story.Lead}")).Html);
        foreach (var value in new[] { PersonalStory.Name, "(214) 555-8642", PersonalStory.Mailbox, PersonalStory.Note })
        {
            Assert.Contains(value, sheet, StringComparison.Ordinal);
        }

        Assert.Contains(PersonalStory.Text, WebUtility.HtmlDecode((await auditor.GetAsync($"/leads/{story.Lead}/timeline")).Html), StringComparison.Ordinal);
        foreach (var tab in new[] { "/timeline", "/as-of", "/conversation" })
        {
            Assert.NotEmpty(PersonalStory.FoundIn(WebUtility.HtmlDecode((await auditor.GetAsync($"/leads/{story.Lead}{tab}")).Html)));
        }

        using var views = app.Database.CreateCommand("select actor || ' ' || what || ' ' || reason from lead_view where what = 'unmasked'");
        Assert.Equal("auditor:ann unmasked complaint 17", await views.ExecuteScalarAsync(TestContext.Current.CancellationToken));

        // Another auditor unmasks for themselves.
        using var other = await StaffBrowser.SignInAsync(app, "bea", StaffUser.Auditor);
        Assert.Empty(PersonalStory.FoundIn(WebUtility.HtmlDecode((await other.GetAsync($"/leads/{story.Lead}")).Html)));
    }

    private static IEnumerable<string> Pages(TestApp app, PersonalStory story) =>
        app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<PagePolicy>() is not null && route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("GET"))
            .Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/'))
            .Where(path => path is not ("/live" or "/m/{token}" or "/sign-in/link/{token}"))
            .SelectMany(story.Concrete);
}
