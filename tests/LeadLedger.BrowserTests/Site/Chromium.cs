using LeadLedger.BrowserTests.Site;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace LeadLedger.BrowserTests.Site;

/// <summary>One headless Chromium for the whole run: the system's own, named by LEADLEDGER_CHROMIUM or found in the usual places.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Usual =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public IBrowser Browser => _browser ?? throw new InvalidOperationException("the browser was not started");

    public async ValueTask InitializeAsync()
    {
        var program = Environment.GetEnvironmentVariable("LEADLEDGER_CHROMIUM") is { Length: > 0 } named ? named : Usual.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("No Chromium found. Install it (Debian and Ubuntu: apt-get install chromium), or name one in LEADLEDGER_CHROMIUM.");
        _playwright = await Playwright.CreateAsync();

        // Longer than any page takes: on a machine with other work a slow answer is no wrong one.
        Assertions.SetDefaultExpectTimeout(30_000);
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Args = ["--no-sandbox", "--disable-dev-shm-usage"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
