using LeadLedger.BrowserTests.Site;
using Microsoft.Playwright;

namespace LeadLedger.BrowserTests.Journeys;

/// <summary>The demo as somebody meets it who has read nothing.</summary>
public sealed class DemoTests(SharedDemo demo, Chromium chromium) : IClassFixture<SharedDemo>
{
    [Fact]
    public async Task Every_page_of_the_demo_is_sound_and_accessible()
    {
        await using var windows = new BrowserWindows(chromium, demo.Address);
        var owner = await demo.SignInAsync(windows);
        var (callback, lead) = await FirstAsync(owner);
        foreach (var path in StaffPages.ForOwners.Concat(StaffPages.Of(lead)).Append(callback))
        {
            var answer = await Looks.AssertSoundAsync(owner, path);
            Assert.True((await answer.BodyAsync()).Length < 100_000, $"{path} is larger than 100 KB");
        }
    }

    [Fact]
    public async Task Somebody_new_finds_who_waits_longest_works_the_callback_and_proves_the_history()
    {
        await using var windows = new BrowserWindows(chromium, demo.Address);
        var dana = await demo.SignInAsync(windows);
        await dana.GotoAsync("/");
        await dana.Locator("[data-row] [data-open]").First.ClickAsync();
        if (await dana.GetByRole(AriaRole.Button, new() { Name = "Take it" }).CountAsync() > 0)
        {
            await dana.GetByRole(AriaRole.Button, new() { Name = "Take it" }).ClickAsync();
        }

        var lead = await dana.Locator("a[href^='/leads/']").First.GetAttributeAsync("href");
        await dana.Locator("input[name=outcome][value=spoke]").CheckAsync();
        await dana.PressButtonAsync("Save and close the callback");
        await Assertions.Expect(dana.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        await dana.GotoAsync(lead!);
        await dana.FollowAsync("Why");
        await dana.ShowsAsync("texted");
        await dana.FollowAsync("Timeline");
        await dana.ShowsAsync("Chain verified");
    }

    [Fact(Explicit = true)]
    public async Task Pictures_for_the_documents()
    {
        await using var windows = new BrowserWindows(chromium, demo.Address);
        var folder = Path.Combine(Environment.GetEnvironmentVariable("LEADLEDGER_PICTURES") ?? "docs", "pictures");
        Directory.CreateDirectory(folder);
        foreach (var (width, name) in ((int, string)[])[(1280, ""), (390, "-phone")])
        {
            var owner = await demo.SignInAsync(windows, width);
            var (callback, lead) = await FirstAsync(owner);
            foreach (var (path, file) in ((string, string)[])
                [("/", "today"), (callback, "callback"), (lead, "lead"), ($"{lead}/timeline", "timeline"), ($"{lead}/why", "why"), ("/merges", "merges"), ("/outbox", "outbox"), ("/status", "health")])
            {
                await owner.GotoAsync(path);
                await owner.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{file}{name}.png") });
            }
        }

        Assert.True(File.Exists(Path.Combine(folder, "today.png")));
    }

    /// <summary>The callback on top of Today, and its lead.</summary>
    private static async Task<(string Callback, string Lead)> FirstAsync(IPage owner)
    {
        await owner.GotoAsync("/");
        var callback = await owner.Locator("[data-row] [data-open]").First.GetAttributeAsync("href");
        await owner.GotoAsync(callback!);
        return (callback!, (await owner.Locator("a[href^='/leads/']").First.GetAttributeAsync("href"))!);
    }
}
