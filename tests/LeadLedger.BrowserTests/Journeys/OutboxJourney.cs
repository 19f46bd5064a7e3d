using LeadLedger.BrowserTests.Site;
using LeadLedger.Staff.Accounts;
using LeadLedger.Tests.Support;
using Microsoft.Playwright;
using NodaTime;

namespace LeadLedger.BrowserTests.Journeys;

/// <summary>Work that was given up: one item is tried again, the other one discarded with a reason.</summary>
public sealed class OutboxJourney(TestPostgres postgres, Chromium chromium)
{
    [Fact]
    [Trait("Requirement", "SCR-14")]
    public async Task Work_that_was_given_up_shows_its_error_its_content_and_its_attempts_and_is_tried_again_or_discarded_with_a_reason()
    {
        await using var site = await StaffSite.StartAsync(postgres, chromium);
        site.App.Mail.RecipientAnswer = 450;
        await site.App.Twilio.MissedCallAsync(new TestCall(People.Next()));
        await site.App.Twilio.MissedCallAsync(new TestCall(People.Next()));
        await site.App.AdvanceAsync(Duration.FromMinutes(14));
        site.App.Mail.RecipientAnswer = 250;
        var owner = await site.SignInAsync("owner", StaffUser.Owner);
        await owner.OpenLiveAsync("/outbox");
        var dead = owner.Locator("#live-dead [data-row]");
        await Assertions.Expect(dead).ToHaveCountAsync(2);
        var again = owner.Locator($"[id='{await dead.First.GetAttributeAsync("id")}']");
        await again.ShowsAsync("Alert by e-mail", "given up after the last attempt", "Last error: the mail server could not take the message", "dana@northside.example", "attempts");
        await again.GetByText("of its log").ClickAsync();
        await Assertions.Expect(again.Locator("details li").First).ToBeVisibleAsync();

        await again.PressButtonAsync("Try it again");
        await owner.SaysAsync("It is tried again now");
        await Assertions.Expect(dead).ToHaveCountAsync(1);
        await site.App.RunDueAsync();
        await Assertions.Expect(again.Locator(".chip")).ToHaveTextAsync("done");
        Assert.Single(site.App.Mail.Mails);

        await dead.PressButtonAsync("Give it up");
        await Assertions.Expect(dead.Locator("input:invalid")).ToBeFocusedAsync();
        var lead = await dead.GetByRole(AriaRole.Link, new() { Name = "the lead" }).GetAttributeAsync("href");
        await dead.GetByLabel("Why it is not needed").FillAsync("Dana knows already");
        await dead.PressButtonAsync("Give it up");
        await owner.SaysAsync("Given up for good");
        await owner.ShowsAsync("Nothing was given up and no outcome is unknown.");
        await site.App.RunDueAsync();
        Assert.Single(site.App.Mail.Mails);
        await owner.GotoAsync($"{lead}/timeline");
        await owner.ShowsAsync("Dana knows already");
    }
}
