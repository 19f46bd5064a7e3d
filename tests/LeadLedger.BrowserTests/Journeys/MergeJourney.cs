using LeadLedger.BrowserTests.Site;
using LeadLedger.Tests.Support;
using Microsoft.Playwright;
using NodaTime;

namespace LeadLedger.BrowserTests.Journeys;

/// <summary>Two records that may be one person: merged by a person who saw what it would come to, and separated again.</summary>
public sealed class MergeJourney(TestPostgres postgres, Chromium chromium)
{
    [Fact]
    [Trait("Requirement", "SCR-10")]
    public async Task Two_records_are_merged_after_a_preview_and_separated_after_another_each_with_its_own_events()
    {
        await using var site = await StaffSite.StartAsync(postgres, chromium);
        site.Windows.Expect("410");
        var first = (await site.App.Forms.WebsiteAsync("Jonathan Smith", People.Next(), "jon@example.com", "Roof")).Lead;
        await site.App.AdvanceAsync(Duration.FromMinutes(1));
        var second = (await site.App.Forms.WebsiteAsync("Jonathan Smyth", People.Next(), "smyth@example.com", "Gutter")).Lead;
        await site.App.AdvanceAsync(Duration.FromMinutes(1));
        var dana = await site.SignInAsync("dana");

        await dana.GotoAsync("/merges");
        await dana.ShowsAsync("similar name", "different numbers", "different mailboxes", "It stands for 2 inquiries", "Nothing of its history is lost");
        var preview = dana.Locator(".card details").Filter(new() { HasText = "(the first stays)" });
        await preview.GetByLabel("Why they are one person").FillAsync("said so on the phone");
        await preview.PressButtonAsync("Merge, the first stays");
        await dana.SaysAsync("Merged.");
        await dana.ShowsAsync("No pair waits.");

        Assert.Equal(410, (await dana.GotoAsync($"/leads/{second}"))!.Status);
        await dana.ShowsAsync("This lead was merged into another one");
        await dana.FollowAsync("Open the lead that stands for it");
        await Assertions.Expect(dana).ToHaveURLAsync($"{site.Address}/leads/{first}");
        await dana.ShowsAsync("2 in all");
        await dana.FollowAsync("Timeline");
        await dana.ShowsAsync("Jonathan Smyth sent the form", "from the merged lead", "Chain verified");
        await dana.FollowAsync("Merge history");
        await dana.ShowsAsync("Jonathan Smyth", "said so on the phone", "Dana Whitfield");

        await dana.FollowAsync("Were they two people?");
        await dana.ShowsAsync("Nothing has changed yet.", "Stays this record, without the other.", "Stands for itself again.", "Jonathan Smyth");
        await dana.GetByLabel("Why they are two people").FillAsync("father and son");
        await dana.PressButtonAsync("Undo the merge");
        await dana.SaysAsync("Separated.");
        await dana.ShowsAsync("undone");

        foreach (var (lead, own, others) in new[] { (first, "Jonathan Smith", "Jonathan Smyth"), (second, "Jonathan Smyth", "Jonathan Smith") })
        {
            Assert.Equal(200, (await dana.GotoAsync($"/leads/{lead}"))!.Status);
            await dana.ShowsAsync(own, "1 in all");
            await dana.FollowAsync("Timeline");
            await dana.ShowsAsync($"{own} sent the form", "father and son", "Chain verified");
            await Assertions.Expect(dana.GetByText($"{others} sent the form")).ToHaveCountAsync(0);
        }
    }
}
