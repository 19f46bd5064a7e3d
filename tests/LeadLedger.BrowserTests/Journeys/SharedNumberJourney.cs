using LeadLedger.BrowserTests.Site;
using LeadLedger.Tests.Support;
using Microsoft.Playwright;
using NodaTime;

namespace LeadLedger.BrowserTests.Journeys;

/// <summary>A call on a number that two people share: nobody is guessed, a person finds out.</summary>
public sealed class SharedNumberJourney(TestPostgres postgres, Chromium chromium)
{
    [Fact]
    [Trait("Requirement", "SCR-11")]
    public async Task A_call_on_a_shared_number_appears_by_itself_and_goes_to_the_one_who_is_picked()
    {
        await using var site = await StaffSite.StartAsync(postgres, chromium);
        var customer = People.Next();
        var maria = (await site.App.Forms.WebsiteAsync("Maria Lopez", customer, "maria@example.com", "Roof")).Lead;
        var peter = (await site.App.Forms.WebsiteAsync("Peter Novak", customer, "peter@example.com", "Gutter")).Lead;
        await site.App.AdvanceAsync(Duration.FromMinutes(1));
        var dana = await site.SignInAsync("dana");
        await dana.OpenLiveAsync("/who-is-this");
        await dana.ShowsAsync("Nothing to find out.");

        await site.App.Twilio.MissedCallAsync(new TestCall(customer));
        var card = dana.Locator("[data-row]");
        await card.ShowsAsync("One of 2 on this number", "Maria Lopez", "Peter Novak", "uses the same number", "Nothing is sent.");
        await card.GetByLabel("Peter Novak").CheckAsync();
        await card.GetByLabel("How you know").FillAsync("named the gutter");
        await card.PressButtonAsync("This is who it was");
        await dana.SaysAsync("the inquiry belongs to them now");
        await dana.ShowsAsync("Nothing to find out.");

        await dana.GotoAsync($"/leads/{peter}");
        await dana.ShowsAsync("2 in all", "1 more, older or of a record that was merged into this one", "Open the callback card");
        await dana.GotoAsync($"/leads/{peter}/timeline");
        await dana.ShowsAsync("Missed call from", "named the gutter", "Chain verified");
        await dana.GotoAsync($"/leads/{maria}");
        await dana.ShowsAsync("1 in all");
    }

    [Fact]
    [Trait("Requirement", "SCR-11")]
    public async Task What_somebody_chose_stays_chosen_while_the_page_changes_around_it()
    {
        await using var site = await StaffSite.StartAsync(postgres, chromium);
        var (customer, other) = (People.Next(), People.Next());
        await site.App.Forms.WebsiteAsync("Maria Lopez", customer, "maria@example.com", "Roof");
        await site.App.Forms.WebsiteAsync("Peter Novak", customer, "peter@example.com", "Gutter");
        await site.App.AdvanceAsync(Duration.FromMinutes(1));
        await site.App.Twilio.MissedCallAsync(new TestCall(customer));
        var dana = await site.SignInAsync("dana");
        await dana.OpenLiveAsync("/who-is-this");
        await dana.GetByLabel("Peter Novak").CheckAsync();
        await dana.Locator("h1").ClickAsync();

        var fetched = dana.WaitForResponseAsync(response => response.Url.EndsWith("/who-is-this", StringComparison.Ordinal) && response.Request.ResourceType == "fetch");
        await site.App.Twilio.MissedCallAsync(new TestCall(other));
        await (await fetched).FinishedAsync();
        await Assertions.Expect(dana.GetByLabel("Peter Novak")).ToBeCheckedAsync();

        await dana.OpenLiveAsync($"/leads/{(await site.App.LeadOfAsync(other)).Id}/timeline");
        await dana.GetByText("Details and proof").First.ClickAsync();
        await site.App.Twilio.MissedCallAsync(new TestCall(other));
        await Assertions.Expect(dana.GetByText($"Missed call from {other}")).ToHaveCountAsync(2);
        await Assertions.Expect(dana.GetByRole(AriaRole.Button, new() { Name = "Copy the proof" })).ToHaveCountAsync(1);
    }
}
