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

    [Fact]
    public async Task Every_page_is_sound_and_accessible()
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

        var owner = await site.SignInAsync("owner", StaffUser.Owner);
        var ran = false;
        owner.Dialog += (_, dialog) =>
        {
            ran = true;
            _ = dialog.DismissAsync();
        };
        foreach (var path in StaffPages.ForOwners.Append("/?who=mine").Concat(StaffPages.Of(lead.Id)).Append($"/callbacks/{lead.Task!.Id}"))
        {
            await Looks.AssertSoundAsync(owner, path);
        }

        Assert.False(ran, "a page ran what a customer wrote");
    }

    [Fact]
    public async Task Every_page_can_be_read_without_script()
    {
        await using var site = await StaffSite.StartAsync(postgres, chromium);
        await site.App.Twilio.MissedCallAsync(new TestCall(People.Next()));
        var lead = await site.App.LeadAsync();
        var owner = await site.SignInAsync("owner", StaffUser.Owner, script: false);
        foreach (var path in StaffPages.ForOwners.Concat(StaffPages.Of(lead.Id)).Append($"/callbacks/{lead.Task!.Id}"))
        {
            var answer = await owner.GotoAsync(path);
            Assert.True(answer!.Ok, $"{path} answered {answer.Status}");
            await Assertions.Expect(owner.Locator("h1")).ToHaveCountAsync(1);
        }
    }
}
