using LeadLedger.Demo;
using LeadLedger.Tests.Demo;
using LeadLedger.Tests.Support;
using Microsoft.Playwright;
using NodaTime;

namespace LeadLedger.BrowserTests.Site;

/// <summary>The demo, played once for all tests of a class, on Thursday at 15:30 in Dallas: three hours after the storm.</summary>
public sealed class SharedDemo(TestPostgres postgres) : IAsyncLifetime
{
    private static readonly Instant Afternoon = Instant.FromUtc(2026, 11, 19, 21, 30);

    private PlayedDemo? _demo;

    public string Address => Host.Http.BaseAddress!.ToString();

    private DemoHost Host => (_demo ?? throw new InvalidOperationException("the demo was not played")).Host;

    public async ValueTask InitializeAsync() => _demo = await PlayedDemo.PlayAsync(postgres, Afternoon);

    /// <summary>The first person whose link the demo prints: its owner.</summary>
    public async Task<IPage> SignInAsync(BrowserWindows windows, int width = 390)
    {
        var links = await DemoSignIn.LinksAsync(Host.Service.App.Services, Host.Service.Settings.Businesses[0], CancellationToken.None);
        var page = await windows.OpenAsync(width);
        await BrowserWindows.UseLinkAsync(page, links[0].Token);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_demo is not null)
        {
            await _demo.DisposeAsync();
        }
    }
}
