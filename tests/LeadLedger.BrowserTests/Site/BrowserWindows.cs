using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace LeadLedger.BrowserTests.Site;

/// <summary>Browser windows that notice console errors, script errors, failed requests and answers that blame the service.</summary>
public sealed class BrowserWindows(Chromium chromium, string address) : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _troubles = new();
    private readonly List<IBrowserContext> _windows = [];
    private readonly List<string> _expected = [];

    /// <summary>Lines containing this are part of what the test does.</summary>
    public void Expect(string trouble) => _expected.Add(trouble);

    /// <summary>A window of nobody, at phone width unless told otherwise.</summary>
    public async Task<IPage> OpenAsync(int width = 390, bool script = true)
    {
        var window = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address,
            ViewportSize = new ViewportSize { Width = width, Height = width < 600 ? 844 : 900 },
            JavaScriptEnabled = script,
            AcceptDownloads = true,
        });
        window.SetDefaultTimeout(45_000);
        _windows.Add(window);
        var page = await window.NewPageAsync();
        page.Console += (_, message) => Note(message.Type == "error", $"{page.Url} console: {message.Text}");
        page.PageError += (_, error) => Note(true, $"{page.Url} script: {error}");
        page.RequestFailed += (_, request) => Note(
            !request.Url.Contains("/live?", StringComparison.Ordinal) && request.Failure != "net::ERR_ABORTED", $"{request.Url} failed: {request.Failure}");
        page.Response += (_, response) => Note(response.Status >= 500, $"{response.Url} answered {response.Status}");
        return page;
    }

    /// <summary>Follows a sign-in link and presses its button.</summary>
    public static async Task UseLinkAsync(IPage page, string token)
    {
        await page.GotoAsync($"/sign-in/link/{token}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign me in" }).ClickAsync();
    }

    /// <summary>Closes every window; any trouble that was not expected fails the test.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var window in _windows)
        {
            await window.CloseAsync();
        }

        var unexpected = string.Join('\n', _troubles.Where(trouble => !_expected.Any(part => trouble.Contains(part, StringComparison.Ordinal))));
        Assert.True(unexpected.Length == 0, unexpected);
    }

    private void Note(bool isTrouble, string what)
    {
        if (isTrouble)
        {
            _troubles.Enqueue(what);
        }
    }
}
