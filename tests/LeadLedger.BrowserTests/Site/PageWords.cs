using Microsoft.Playwright;

namespace LeadLedger.BrowserTests.Site;

/// <summary>What people do on any page, and what it says to them; every look waits until it is true.</summary>
public static class PageWords
{
    /// <summary>Opens a page and waits until it is told of changes.</summary>
    public static async Task OpenLiveAsync(this IPage page, string path)
    {
        var listening = page.WaitForRequestAsync(request => request.Url.Contains("/live?", StringComparison.Ordinal));
        await page.GotoAsync(path);
        await listening;
    }

    public static Task PressButtonAsync(this IPage page, string button) => page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();

    public static Task PressButtonAsync(this ILocator part, string button) => part.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();

    public static Task FollowAsync(this IPage page, string link) => page.GetByRole(AriaRole.Link, new() { Name = link }).First.ClickAsync();

    /// <summary>The sentence on top after a press.</summary>
    public static Task SaysAsync(this IPage page, string sentence) => Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync(sentence);

    /// <summary>The sentence on top after a press that was refused.</summary>
    public static Task RefusesAsync(this IPage page, string sentence) => Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(sentence);

    public static Task ShowsAsync(this IPage page, params string[] words) => page.Locator("main").ShowsAsync(words);

    public static async Task ShowsAsync(this ILocator part, params string[] words)
    {
        foreach (var word in words)
        {
            await Assertions.Expect(part).ToContainTextAsync(word);
        }
    }

    /// <summary>Neither in what it says nor in its markup.</summary>
    public static async Task ShowsNotAsync(this IPage page, params string[] words)
    {
        await Assertions.Expect(page.Locator("h1")).ToBeVisibleAsync();
        var html = System.Net.WebUtility.HtmlDecode(await page.ContentAsync());
        Assert.All(words, word => Assert.DoesNotContain(word, html, StringComparison.Ordinal));
    }

    /// <summary>The text of the file that a press or a link brings.</summary>
    public static async Task<string> DownloadAsync(this IPage page, Func<Task> press)
    {
        var file = await page.RunAndWaitForDownloadAsync(press);
        return await File.ReadAllTextAsync(await file.PathAsync(), TestContext.Current.CancellationToken);
    }
}
