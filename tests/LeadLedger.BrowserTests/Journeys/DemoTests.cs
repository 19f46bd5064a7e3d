using LeadLedger.BrowserTests.Site;
using LeadLedger.Demo;
using LeadLedger.Tests.Demo;
using LeadLedger.Tests.Support;
using Microsoft.Playwright;
using NodaTime;

namespace LeadLedger.BrowserTests.Journeys;

/// <summary>The demo as somebody meets it who has read nothing.</summary>
public sealed class DemoTests(TestPostgres postgres, Chromium chromium)
{
    /// <summary>Thursday, 15:30 in Dallas: three hours after the storm.</summary>
    private static readonly Instant Afternoon = Instant.FromUtc(2026, 11, 19, 21, 30);

    private static readonly string[] Menu =
        ["/", "/leads", "/escalations", "/merges", "/who-is-this", "/consent", "/outbox", "/sources", "/status", "/audit", "/people", "/first-run", "/account"];

    private static readonly string[] OfLead = ["", "/timeline", "/as-of", "/why", "/conversation", "/merges"];

    [Theory]
    [InlineData(390, ColorScheme.Dark)]
    [InlineData(1280, ColorScheme.Light)]
    public async Task Every_page_of_the_demo_is_sound_and_accessible(int width, ColorScheme colors)
    {
        await using var demo = await PlayedDemo.PlayAsync(postgres, Afternoon);
        await using var windows = new BrowserWindows(chromium, demo.Host.Http.BaseAddress!.ToString());
        var owner = await SignInAsync(demo, windows, 0, width, colors);
        await owner.GotoAsync("/");
        var first = await owner.Locator("[data-row] [data-open]").First.GetAttributeAsync("href");
        await owner.GotoAsync(first!);
        var lead = await owner.Locator("a[href^='/leads/']").First.GetAttributeAsync("href");
        foreach (var path in Menu.Concat(OfLead.Select(part => lead + part)).Append(first!))
        {
            var answer = await owner.GotoAsync(path);
            Assert.True(answer!.Ok, $"{path} answered {answer.Status}");
            Assert.True((await answer.BodyAsync()).Length < 100_000, $"{path} is larger than 100 KB");
            await Accessibility.AssertNothingFoundAsync(owner);
        }
    }

    [Fact]
    public async Task Somebody_new_finds_who_waits_longest_works_the_callback_and_proves_the_history()
    {
        await using var demo = await PlayedDemo.PlayAsync(postgres, Afternoon);
        await using var windows = new BrowserWindows(chromium, demo.Host.Http.BaseAddress!.ToString());
        var dana = await SignInAsync(demo, windows, 0, 390, ColorScheme.Light);
        await dana.GotoAsync("/");
        await dana.Locator("[data-row] [data-open]").First.ClickAsync();
        if (await dana.GetByRole(AriaRole.Button, new() { Name = "Take it" }).CountAsync() > 0)
        {
            await dana.GetByRole(AriaRole.Button, new() { Name = "Take it" }).ClickAsync();
        }

        var lead = await dana.Locator("a[href^='/leads/']").First.GetAttributeAsync("href");
        await dana.Locator("input[name=outcome][value=spoke]").CheckAsync();
        await dana.GetByRole(AriaRole.Button, new() { Name = "Save and close the callback" }).ClickAsync();
        await Assertions.Expect(dana.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        await dana.GotoAsync(lead!);
        await dana.GetByRole(AriaRole.Link, new() { Name = "Why" }).First.ClickAsync();
        await Assertions.Expect(dana.Locator("main")).ToContainTextAsync("texted");
        await dana.GetByRole(AriaRole.Link, new() { Name = "Timeline" }).First.ClickAsync();
        await Assertions.Expect(dana.Locator("main")).ToContainTextAsync("Chain verified");
    }

    [Fact(Explicit = true)]
    public async Task Pictures_for_the_documents()
    {
        await using var demo = await PlayedDemo.PlayAsync(postgres, Afternoon);
        await using var windows = new BrowserWindows(chromium, demo.Host.Http.BaseAddress!.ToString());
        var folder = Path.Combine(Environment.GetEnvironmentVariable("LEADLEDGER_PICTURES") ?? "docs", "pictures");
        Directory.CreateDirectory(folder);
        foreach (var (width, name) in ((int, string)[])[(1280, ""), (390, "-phone")])
        {
            var owner = await SignInAsync(demo, windows, 0, width, ColorScheme.Light);
            await owner.GotoAsync("/");
            var callback = await owner.Locator("[data-row] [data-open]").First.GetAttributeAsync("href");
            await owner.GotoAsync(callback!);
            var lead = await owner.Locator("a[href^='/leads/']").First.GetAttributeAsync("href");
            foreach (var (path, file) in ((string, string)[])
                [("/", "today"), (callback!, "callback"), (lead!, "lead"), ($"{lead}/timeline", "timeline"), ($"{lead}/why", "why"), ("/merges", "merges"), ("/outbox", "outbox"), ("/status", "health")])
            {
                await owner.GotoAsync(path);
                await owner.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{file}{name}.png") });
            }
        }

        Assert.True(File.Exists(Path.Combine(folder, "today.png")));
    }

    private static async Task<IPage> SignInAsync(PlayedDemo demo, BrowserWindows windows, int who, int width, ColorScheme colors)
    {
        var service = demo.Host.Service;
        var links = await DemoSignIn.LinksAsync(service.App.Services, service.Settings.Businesses[0], CancellationToken.None);
        var page = await windows.OpenAsync(width, colors);
        await BrowserWindows.UseLinkAsync(page, links[who].Token);
        return page;
    }
}
