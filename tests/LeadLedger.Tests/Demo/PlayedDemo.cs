using System.Net.Http.Headers;
using System.Text.Json;
using LeadLedger.Demo;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Demo;

/// <summary>The demo with its whole history, on a private database, seen at an instant of the test's choice.</summary>
internal sealed class PlayedDemo : IAsyncDisposable
{
    private readonly TestPostgres _postgres;
    private readonly string _database;
    private readonly ScratchFolder _place;

    private PlayedDemo(TestPostgres postgres, string database, ScratchFolder place, DemoHost host, DemoReport report)
    {
        _postgres = postgres;
        _database = database;
        _place = place;
        Host = host;
        Report = report;
    }

    public DemoHost Host { get; }

    public DemoReport Report { get; }

    public static async Task<PlayedDemo> PlayAsync(TestPostgres postgres, Instant now, int seed = DemoStory.UsualSeed)
    {
        var database = await postgres.CreateDatabaseAsync(await postgres.TemplateAsync("ledger", TestApp.MigrateAsync));
        var place = new ScratchFolder();
        var host = await DemoHost.StartAsync(
            DemoFolder.Open(place.Below("demo"), fresh: false), "http://localhost:5080", new ManualClock(now), CancellationToken.None,
            "--environment=Testing", "--urls=http://127.0.0.1:0", $"--contentRoot={place.Path}", $"--ConnectionStrings:Ledger={database}");
        var report = await host.ReplayAsync(seed, null, CancellationToken.None);
        return new PlayedDemo(postgres, database, place, host, report);
    }

    /// <summary>All items of a list of the API.</summary>
    public async Task<IReadOnlyList<JsonElement>> ItemsAsync(string path) =>
        [.. (await GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=200")).GetProperty("items").EnumerateArray()];

    public async Task<JsonElement> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Host.Service.Settings.AdminKey);
        var reply = await WebReply.ReadAsync(await Host.Http.SendAsync(request));
        Assert.True(reply.IsSuccess, $"{path}: {reply.Body}");
        return reply.Json;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _postgres.DropDatabaseAsync(_database);
        _place.Dispose();
    }
}
