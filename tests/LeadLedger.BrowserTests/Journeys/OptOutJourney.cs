using LeadLedger.BrowserTests.Site;
using LeadLedger.Tests.Support;
using Microsoft.Playwright;
using NodaTime;

namespace LeadLedger.BrowserTests.Journeys;

/// <summary>Somebody asks on the phone not to be texted any more.</summary>
public sealed class OptOutJourney(TestPostgres postgres, Chromium chromium)
{
    [Fact]
    [Trait("Requirement", "SCR-12")]
    public async Task An_opt_out_recorded_by_hand_says_what_it_does_shows_everywhere_and_refuses_the_text_that_was_about_to_be_sent()
    {
        await using var site = await StaffSite.StartAsync(postgres, chromium);
        var customer = People.Next();
        site.App.Texts.OnlyTo = customer;
        site.App.Texts.Next(TwilioMode.NothingDoneAnswerLost);
        await site.App.Twilio.MissedCallAsync(new TestCall(customer));
        await site.App.AdvanceAsync(Duration.FromSeconds(40));
        var lead = await site.App.LeadAsync();

        // Luis has the text before him that may not have arrived.
        var luis = await site.SignInAsync("luis");
        await luis.GotoAsync("/outbox");
        await luis.FollowAsync("See what would be sent again");
        await luis.ShowsAsync("Exactly this is sent", "Northside Roofing");

        var dana = await site.SignInAsync("dana");
        await dana.GotoAsync("/consent");
        await dana.GetByLabel("Number or mailbox").FillAsync(customer);
        await dana.PressButtonAsync("Look up");
        await dana.ShowsAsync("No opt-out stands.");
        await dana.GetByText("Record an opt-out").ClickAsync();
        await Assertions.Expect(dana.GetByText("At the press no more texts go to it, from any line of Northside Roofing and for any purpose.")).ToBeVisibleAsync();
        await dana.GetByLabel("The day they asked for it").FillAsync("2026-11-18");
        await dana.GetByLabel("In their words").FillAsync("leave me alone");
        await dana.PressButtonAsync("Stop all texts to it");
        await dana.SaysAsync("Recorded. No more texts go there");
        await dana.ShowsAsync("No texts, for any purpose", "leave me alone");

        await luis.PressButtonAsync("Send it");
        await luis.RefusesAsync("It may not be sent");
        Assert.Single(site.App.Texts.To(customer));

        await dana.GotoAsync($"/leads/{lead.Id}");
        await dana.ShowsAsync("no texts since");
        await dana.FollowAsync("Conversation");
        await dana.ShowsAsync("Nothing is texted to them, for any purpose: they asked for no more texts.");
        await dana.FollowAsync("When and how they said it");
        await dana.ShowsAsync("leave me alone");
        await dana.GotoAsync($"/leads/{lead.Id}/why");
        await dana.ShowsAsync("Not texted", "stops it");
    }
}
