using LeadLedger.BrowserTests.Site;
using LeadLedger.Tests.Support;
using Microsoft.Playwright;

namespace LeadLedger.BrowserTests.Journeys;

/// <summary>From a call that nobody answered to a callback that is done.</summary>
public sealed class CallbackJourney(TestPostgres postgres, Chromium chromium)
{
    [Fact]
    [Trait("Requirement", "SCR-01")]
    public async Task A_missed_call_appears_on_Today_by_itself_within_a_second_of_the_commit()
    {
        await using var site = await StaffSite.StartAsync(postgres, chromium);
        var dana = await site.SignInAsync("dana");
        await dana.OpenLiveAsync("/");
        await Assertions.Expect(dana.GetByText("Nobody waits for a call.")).ToBeVisibleAsync();
        await site.App.Twilio.MissedCallAsync(new TestCall(People.Next()));
        await Assertions.Expect(dana.GetByRole(AriaRole.Button, new() { Name = "Take it" })).ToBeVisibleAsync();
        await Assertions.Expect(dana.Locator("[data-row]")).ToHaveCountAsync(1);
    }

    [Fact]
    [Trait("Requirement", "TSK-11")]
    public async Task Two_people_claim_at_once_and_the_second_is_told_who_won()
    {
        await using var site = await StaffSite.StartAsync(postgres, chromium);
        await site.App.Twilio.MissedCallAsync(new TestCall(People.Next()));
        var dana = await site.SignInAsync("dana", script: false);
        var luis = await site.SignInAsync("luis", script: false);
        await dana.GotoAsync("/");
        await luis.GotoAsync("/");
        await dana.GetByRole(AriaRole.Button, new() { Name = "Take it" }).ClickAsync();
        await luis.GetByRole(AriaRole.Button, new() { Name = "Take it" }).ClickAsync();
        await Assertions.Expect(luis.GetByRole(AriaRole.Alert)).ToContainTextAsync("dana has this task");
    }

    [Fact]
    [Trait("Requirement", "SCR-02")]
    public async Task A_callback_is_taken_called_and_completed_and_the_lead_says_why_it_was_or_was_not_texted()
    {
        await using var site = await StaffSite.StartAsync(postgres, chromium);
        var customer = People.Next();
        await site.App.Twilio.MissedCallAsync(new TestCall(customer));
        await site.App.RunDueAsync();
        var lead = await site.App.LeadAsync();
        var dana = await site.SignInAsync("dana");
        await dana.GotoAsync("/");
        await dana.GetByRole(AriaRole.Button, new() { Name = "Take it" }).ClickAsync();
        await Assertions.Expect(dana.GetByRole(AriaRole.Status)).ToContainTextAsync("It is yours");
        Assert.Equal($"tel:{customer}", await dana.Locator(".phone a").First.GetAttributeAsync("href"));
        await dana.GetByLabel("Spoke", new() { Exact = false }).First.CheckAsync();
        await dana.GetByLabel("Note", new() { Exact = false }).First.FillAsync("Roof over the garage, comes Friday");
        await dana.Locator("form[action$='/complete'] button.main").ClickAsync();
        Assert.Equal(("contacted", "spoke"), ((await site.App.LeadAsync()).Status, (await site.App.LeadAsync()).Task!.Outcome));
        await dana.GotoAsync($"/leads/{lead.Id}/why");
        await Assertions.Expect(dana.Locator("main")).ToContainTextAsync("permitted");
    }
}
