using LeadLedger.BrowserTests.Site;
using LeadLedger.Staff.Accounts;
using LeadLedger.Tests.Support;
using Microsoft.Playwright;

namespace LeadLedger.BrowserTests.Journeys;

/// <summary>Somebody changes a recorded event in the database: every page that shows it says so.</summary>
public sealed class LedgerJourney(TestPostgres postgres, Chromium chromium)
{
    [Fact]
    [Trait("Requirement", "SCR-05")]
    public async Task What_was_changed_behind_the_back_of_the_service_is_found_on_the_timeline_and_at_the_press_of_verify()
    {
        await using var site = await StaffSite.StartAsync(postgres, chromium);
        await site.App.Twilio.MissedCallAsync(new TestCall(People.Next()));
        await site.App.RunDueAsync();
        var lead = await site.App.LeadAsync();
        var owner = await site.SignInAsync("owner", StaffUser.Owner);
        await owner.GotoAsync($"/leads/{lead.Id}/timeline");
        await owner.ShowsAsync("Chain verified");
        await owner.GotoAsync("/status");
        await owner.ShowsAsync("It has not been verified since this process started.");
        await owner.PressButtonAsync("Verify now");
        await owner.SaysAsync("The ledger is being verified");
        await owner.ShowsAsync("Sound, verified");

        site.App.ChecksAtEnd = false;
        await using (var command = site.App.Database.CreateCommand("update mt_events set data = jsonb_set(data, '{reason}', '\"busy\"') where type = 'call_missed'"))
        {
            Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }

        await owner.GotoAsync($"/leads/{lead.Id}/timeline");
        await owner.ShowsAsync("The chain does not verify: what is marked below is not what was recorded.");
        await Assertions.Expect(owner.Locator("ol.timeline > li").Filter(new() { HasText = "does not verify" }).First).ToContainTextAsync("Missed call");
        await owner.GotoAsync("/audit");
        await owner.PressButtonAsync("Verify now");
        await owner.ShowsAsync("NOT sound, verified", "First problem: mt_events", "Keep the database as it is");
    }
}
