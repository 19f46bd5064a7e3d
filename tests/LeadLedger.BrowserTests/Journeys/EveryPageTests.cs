using LeadLedger.BrowserTests.Site;
using LeadLedger.Staff.Accounts;
using LeadLedger.Tests.Support;
using Microsoft.Playwright;
using NodaTime;

namespace LeadLedger.BrowserTests.Journeys;

/// <summary>Every page with true and with hostile content: nothing fails, nothing runs, and axe finds nothing.</summary>
public sealed class EveryPageTests(TestPostgres postgres, Chromium chromium)
{
    private const string Hostile = "<img src=x onerror=alert(1)>\u202egnp.exe '\"=HYPERLINK(1)";

    private static readonly string[] Pages =
    [
        "/", "/?who=mine", "/leads", "/escalations", "/merges", "/who-is-this", "/consent", "/outbox", "/sources", "/status", "/audit", "/people",
        "/first-run", "/account",
    ];

    private static readonly string[] OfLead = ["", "/timeline", "/as-of", "/why", "/conversation", "/merges"];

    [Theory]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    public async Task Every_page_is_sound_and_accessible(int width, ColorScheme colors)
    {
        await using var site = await StaffSite.StartAsync(postgres, chromium);
        var (customer, other) = (People.Next(), People.Next());
        var app = site.App;
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.Forms.WebsiteAsync(Hostile, customer);
        await app.Twilio.SmsAsync(customer, Hostile + " call me");
        await app.Twilio.MissedCallAsync(new TestCall(other));
        await app.Twilio.SmsAsync(other, "STOP", optOutType: "STOP");
        app.Texts.Mode = TwilioMode.Reject;
        await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        await app.AdvanceAsync(Duration.FromMinutes(45));
        var lead = await app.LeadOfAsync(customer);

        var owner = await site.SignInAsync("owner", StaffUser.Owner, width, colors);
        var ran = false;
        owner.Dialog += (_, dialog) =>
        {
            ran = true;
            _ = dialog.DismissAsync();
        };
        foreach (var path in Pages.Concat(OfLead.Select(part => $"/leads/{lead.Id}{part}")).Append($"/callbacks/{lead.Task!.Id}"))
        {
            var answer = await owner.GotoAsync(path);
            Assert.True(answer!.Ok, $"{path} answered {answer.Status}");
            await Accessibility.AssertNothingFoundAsync(owner);
            var tooWide = await owner.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1");
            Assert.False(tooWide, $"{path} is wider than the window of {width}");
        }

        Assert.False(ran, "a page ran what a customer wrote");
    }

    [Fact]
    public async Task Every_page_can_be_read_without_script()
    {
        await using var site = await StaffSite.StartAsync(postgres, chromium);
        await site.App.Twilio.MissedCallAsync(new TestCall(People.Next()));
        var owner = await site.SignInAsync("owner", StaffUser.Owner, script: false);
        foreach (var path in Pages)
        {
            var answer = await owner.GotoAsync(path);
            Assert.True(answer!.Ok, $"{path} answered {answer.Status}");
            await Assertions.Expect(owner.Locator("h1")).ToHaveCountAsync(1);
        }
    }
}
