using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using LeadLedger.Staff.Accounts;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace LeadLedger.BrowserTests.Site;

/// <summary>The real service on a private database, and people who are signed in, each in a window of their own.</summary>
public sealed class StaffSite : IAsyncDisposable
{
    private StaffSite(TestApp app, string address, Chromium chromium) => (App, Address, Windows) = (app, address, new BrowserWindows(chromium, address));

    public TestApp App { get; }

    public string Address { get; }

    public BrowserWindows Windows { get; }

    public static async Task<StaffSite> StartAsync(TestPostgres postgres, Chromium chromium, params JsonObject[] businesses)
    {
        var address = $"http://localhost:{FreePort()}";
        var app = await TestApp.StartAsync(postgres, TestApp.WednesdayMorning, businesses, publicBase: address);

        // Beside a browser that draws, a machine with two cores is late now and then.
        app.Log.Expect("the heartbeat has been running for");
        return new StaffSite(app, address, chromium);
    }

    /// <summary>A person signed in through a link, at phone width unless told otherwise.</summary>
    public async Task<IPage> SignInAsync(string login, string role = StaffUser.Staff, int width = 390, bool script = true, string? business = "northside")
    {
        var users = App.Services.GetRequiredService<StaffUsers>();
        var user = await users.FindAsync(login, CancellationToken.None) ?? await users.AddAsync(login, login, role, business, CancellationToken.None);
        var page = await Windows.OpenAsync(width, script);
        await BrowserWindows.UseLinkAsync(page, await App.Services.GetRequiredService<SignInLinks>().CreateAsync(user!, CancellationToken.None));
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Windows.DisposeAsync();
        }
        finally
        {
            await App.DisposeAsync();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
