using LeadLedger.BrowserTests.Site;
using LeadLedger.Staff.Accounts;
using LeadLedger.Tests.Support;
using Microsoft.Playwright;

namespace LeadLedger.BrowserTests.Journeys;

/// <summary>Two businesses on one service.</summary>
public sealed class BusinessesJourney(TestPostgres postgres, Chromium chromium)
{
    [Fact]
    [Trait("Requirement", "SCR-22")]
    public async Task Who_belongs_to_both_chooses_one_keeps_it_from_page_to_page_and_goes_back_to_both()
    {
        await using var site = await StaffSite.StartAsync(postgres, chromium, TestBusiness.Northside(), TestBusiness.Lakeside());
        var (north, lake) = (People.Next(), People.Next());
        await site.App.Twilio.MissedCallAsync(new TestCall(north));
        await site.App.Twilio.MissedCallAsync(new TestCall(lake, "+12145550200"));
        var boss = await site.SignInAsync("boss", StaffUser.Owner, width: 1280, business: null);
        await boss.GotoAsync("/leads");
        await Assertions.Expect(boss.Locator("[data-row]")).ToHaveCountAsync(2);
        await ChooseAsync(boss, "Lakeside Roofing");
        await Assertions.Expect(boss.Locator("[data-row]")).ToHaveCountAsync(1);
        await boss.Locator("[data-open]").ClickAsync();
        await boss.ShowsAsync("Lakeside Roofing", "missed call");
        await boss.GetByLabel("Note").FillAsync("prefers mornings");
        await boss.PressButtonAsync("Keep the note");
        await boss.SaysAsync("The note is kept");
        await boss.FollowAsync("Today");
        await Assertions.Expect(boss).ToHaveURLAsync($"{site.Address}/?business=lakeside");
        await Assertions.Expect(boss.Locator("[data-row]")).ToHaveCountAsync(1);

        await boss.GetByLabel("Find a lead").FillAsync(north[^7..]);
        await boss.PressButtonAsync("Find");
        await boss.ShowsAsync("No lead has that in its number, name or address.");
        await ChooseAsync(boss, "Every business");
        await Assertions.Expect(boss.Locator("[data-row]")).ToHaveCountAsync(2);

        var mia = await site.SignInAsync("mia", width: 1280, business: "lakeside");
        await mia.GotoAsync("/leads");
        await Assertions.Expect(mia.Locator("[data-row]")).ToHaveCountAsync(1);
        await Assertions.Expect(mia.Locator("form.business")).ToHaveCountAsync(0);
    }

    private static async Task ChooseAsync(IPage page, string business)
    {
        await page.Locator("form.business select").SelectOptionAsync(business);
        await page.Locator("form.business").PressButtonAsync("Show");
    }
}
