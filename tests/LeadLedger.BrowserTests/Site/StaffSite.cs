using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using LeadLedger.Staff.Accounts;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace LeadLedger.BrowserTests.Site;

/// <summary>
/// The real service with people who are signed in, each in a browser window of their own. At the end no page may have had a console error or
/// a failed request.
/// </summary>
public sealed class StaffSite : IAsyncDisposable
{
    private readonly Chromium _chromium;
    private readonly ConcurrentQueue<string> _troubles = new();
    private readonly List<IBrowserContext> _windows = [];
    private readonly List<string> _expected = [];

    private StaffSite(TestApp app, string address, Chromium chromium) => (App, Address, _chromium) = (app, address, chromium);

    public TestApp App { get; }

    public string Address { get; }

    public static async Task<StaffSite> StartAsync(TestPostgres postgres, Chromium chromium)
    {
        var address = $"http://localhost:{FreePort()}";
        return new StaffSite(await TestApp.StartAsync(postgres, TestApp.WednesdayMorning, [], publicBase: address), address, chromium);
    }

    /// <summary>Lines containing this are part of what the test does.</summary>
    public void Expect(string trouble) => _expected.Add(trouble);

    /// <summary>A person in a window of their own, signed in through a link, at phone width unless told otherwise.</summary>
    public async Task<IPage> SignInAsync(string login, string role = StaffUser.Staff, int width = 390, ColorScheme colors = ColorScheme.Light, bool script = true)
    {
        var users = App.Services.GetRequiredService<StaffUsers>();
        var user = await users.FindAsync(login, CancellationToken.None) ?? await users.AddAsync(login, login, role, "northside", CancellationToken.None);
        var token = await App.Services.GetRequiredService<SignInLinks>().CreateAsync(user!, CancellationToken.None);
        var page = await OpenAsync(width, colors, script);
        await page.GotoAsync($"/sign-in/link/{token}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign me in" }).ClickAsync();
        return page;
    }

    /// <summary>A window of nobody.</summary>
    public async Task<IPage> OpenAsync(int width = 390, ColorScheme colors = ColorScheme.Light, bool script = true)
    {
        var window = await _chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Address,
            ViewportSize = new ViewportSize { Width = width, Height = width < 600 ? 844 : 900 },
            ColorScheme = colors,
            JavaScriptEnabled = script,
            AcceptDownloads = true,
        });
        window.SetDefaultTimeout(15_000);
        _windows.Add(window);
        var page = await window.NewPageAsync();
        page.Console += (_, message) => Note(message.Type == "error", $"{page.Url} console: {message.Text}");
        page.PageError += (_, error) => Note(true, $"{page.Url} script: {error}");
        page.RequestFailed += (_, request) => Note(!request.Url.Contains("/live?", StringComparison.Ordinal) && request.Failure != "net::ERR_ABORTED", $"{request.Url} failed: {request.Failure}");
        page.Response += (_, response) => Note(response.Status >= 500, $"{response.Url} answered {response.Status}");
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var window in _windows)
        {
            await window.CloseAsync();
        }

        await App.DisposeAsync();
        var unexpected = string.Join('\n', _troubles.Where(trouble => !_expected.Any(part => trouble.Contains(part, StringComparison.Ordinal))));
        Assert.True(unexpected.Length == 0, unexpected);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Note(bool isTrouble, string what)
    {
        if (isTrouble)
        {
            _troubles.Enqueue(what);
        }
    }
}
