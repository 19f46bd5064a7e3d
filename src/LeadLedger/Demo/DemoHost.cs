using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Verification;
using LeadLedger.Hosting;
using LeadLedger.Reading;
using NodaTime;
using Npgsql;

namespace LeadLedger.Demo;

/// <summary>
/// The real service on the demo's folder, with a clock that can be played and a stand-in for the phone provider. Everything that could reach
/// anybody is set to the stand-in or switched off here, whatever the environment says.
/// </summary>
internal sealed class DemoHost : IAsyncDisposable
{
    private readonly DemoFolder _folder;
    private readonly DemoClock _clock;
    private readonly DemoProvider _provider;
    private readonly TaskCompletionSource _begin;
    private readonly HttpClient _http;

    private DemoHost(DemoFolder folder, DemoClock clock, DemoProvider provider, TaskCompletionSource begin, BuiltService service)
    {
        _folder = folder;
        _clock = clock;
        _provider = provider;
        _begin = begin;
        Service = service;
        _http = new HttpClient { BaseAddress = new Uri(service.App.Urls.First()) };
    }

    public BuiltService Service { get; }

    /// <summary>The service's own address, for whoever reads what the history made.</summary>
    public HttpClient Http => _http;

    /// <param name="folder">The demo's folder.</param>
    /// <param name="address">Where it listens, such as http://localhost:5080.</param>
    /// <param name="machine">The machine's clock.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <param name="settings">More settings, as <c>--NAME=value</c>; a test names a database of its own.</param>
    public static async Task<DemoHost> StartAsync(
        DemoFolder folder, string address, IClock machine, CancellationToken cancellation, params string[] settings)
    {
        var clock = new DemoClock(machine);
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var secrets = folder.Secrets();
        var provider = new DemoProvider(clock);
        BuiltService? service = null;
        try
        {
            await provider.StartAsync();
            service = await ServiceHost.BuildAsync(
                [
                    $"--urls={address}", $"--PUBLIC_BASE_URL={address}", $"--LEADLEDGER_DATA={folder.Path}", $"--LEADLEDGER_CONFIG={folder.BusinessFile}",
                    $"--LEADLEDGER_ADMIN_KEY={folder.AdminKey()}", $"--TWILIO_ACCOUNT_SID={secrets.Twilio.Sid}", $"--TWILIO_AUTH_TOKEN={secrets.Twilio.Token}",
                    "--TWILIO_PREVIOUS_AUTH_TOKEN=", $"--TWILIO_API_BASE_URL={provider.Url}", "--SMTP_URL=", "--CALENDLY_BOOKING_URL=", "--LEADLEDGER_SENDER=live",
                    "--LEADLEDGER_DISPATCH=on", "--LEADLEDGER_STOP_WAIT=0", "--LEADLEDGER_WAL_TO=", "--LEADLEDGER_SPOOL_KEY_FILE=", "--LEADLEDGER_SPOOL_LIMIT_MB=",
                    .. settings,
                ],
                new Hosting.HostOptions
                {
                    Clock = clock,
                    Timing = OutboxTiming.Default with { Begin = begin.Task },
                    // What goes wrong in the history is part of it; the service itself speaks up once it serves.
                    Logging = logging => logging
                        .AddFilter((_, level) => begin.Task.IsCompleted || level >= LogLevel.Error)
                        .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning),
                },
                cancellation);
            await service.App.Services.GetRequiredService<ApiKeys>().EnsureAdminAsync(service.Settings.AdminKey);
            await service.App.StartAsync(cancellation);
            return new DemoHost(folder, clock, provider, begin, service);
        }
        catch
        {
            await (service?.DisposeAsync() ?? ValueTask.CompletedTask);
            await provider.DisposeAsync();
            throw;
        }
    }

    /// <summary>Plays the history into the empty ledger and marks the folder as complete.</summary>
    public async Task<DemoReport> ReplayAsync(int seed, IProgress<LedgerProgress>? progress, CancellationToken cancellation)
    {
        var services = Service.App.Services;
        var script = new DemoScript(
            _clock,
            new DemoWork(services.GetRequiredService<OutboxDispatcher>(), services.GetRequiredService<NpgsqlDataSource>(), _clock),
            _provider,
            Webhooks(),
            new DemoStaff(_http, Service.Settings.AdminKey!));
        var report = await script.RunAsync(DemoStory.Of(_clock.MachineNow, seed), progress, cancellation);
        _folder.MarkComplete();
        return report;
    }

    /// <summary>Goes on as the service usually does until it is stopped: with the machine's clock, and with its own worker.</summary>
    public async Task ServeAsync(CancellationToken cancellation)
    {
        _begin.TrySetResult();
        var reporting = ReportTextsAsync();
        await Service.App.WaitForShutdownAsync(cancellation);
        _provider.Stop();
        await reporting;
    }

    public async ValueTask DisposeAsync()
    {
        await Service.App.StopAsync();
        _begin.TrySetCanceled();
        _http.Dispose();
        await Service.DisposeAsync();
        await _provider.DisposeAsync();
    }

    private DemoWebhooks Webhooks() => new(_http, Service.Settings.PublicBase, _folder.Secrets());

    // The stand-in's callbacks; one that comes too late, while the service stops, tells nobody anything.
    private async Task ReportTextsAsync()
    {
        var webhooks = Webhooks();
        await foreach (var text in _provider.Taken.ReadAllAsync())
        {
            try
            {
                await webhooks.TextStatusAsync(text);
            }
            catch (Exception exception) when (exception is HttpRequestException or InvalidOperationException or OperationCanceledException)
            {
                Service.App.Logger.LogWarning("The stand-in could not report a text: {Reason}", exception.Message);
            }
        }
    }
}
