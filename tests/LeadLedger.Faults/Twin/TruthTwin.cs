using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using LeadLedger.Faults.Processes;

namespace LeadLedger.Faults.Twin;

/// <summary>The stand-in for providers as we see it: its own process, never killed, with its log of what really happened.</summary>
public sealed class TruthTwin : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Watchdog _watchdog;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly string _log;
    private readonly List<TwinRecord> _records = [];
    private long _read;

    private TruthTwin(Process process, Watchdog watchdog, int port, int smtpPort, string log)
    {
        _process = process;
        _watchdog = watchdog;
        _log = log;
        Url = ServiceProcess.UrlOf(port);
        SmtpUrl = string.Create(CultureInfo.InvariantCulture, $"smtp://127.0.0.1:{smtpPort}?tls=off&from=alerts@leads.test");
    }

    /// <summary>For TWILIO_API_BASE_URL; <c>/crm</c> and <c>/channel</c> are below it.</summary>
    public string Url { get; }

    public string SmtpUrl { get; }

    /// <summary>The CRM's signing secret, as a business's secret file holds it.</summary>
    public static string CrmSecret => CrmTwin.Secret;

    /// <summary>Starts this same program as the stand-in.</summary>
    public static async Task<TruthTwin> StartAsync(Scratch scratch)
    {
        var (port, smtpPort) = (Loopback.FreePort(), Loopback.FreePort());
        var log = scratch.Below("twin.jsonl");
        var (process, output) = CapturedOutput.Start(
            [
                "dotnet", Path.Combine(AppContext.BaseDirectory, "LeadLedger.Faults.dll"), "twin", port.ToString(CultureInfo.InvariantCulture),
                smtpPort.ToString(CultureInfo.InvariantCulture), log,
            ], folder: scratch.Folder, pipeIn: true);
        scratch.Watchdog.Watch(process.Id);
        var twin = new TruthTwin(process, scratch.Watchdog, port, smtpPort, log);
        var watch = Stopwatch.StartNew();
        while (!process.HasExited && watch.Elapsed.TotalSeconds < 30)
        {
            try
            {
                await twin._http.GetStringAsync(new Uri(twin.Url + "/control/live"));
                return twin;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20);
            }
        }

        throw new InvalidOperationException($"the stand-in did not start:\n{output}");
    }

    /// <summary>Answers by this plan from now on.</summary>
    public async Task PlanAsync(TwinPlan plan)
    {
        using var content = JsonContent.Create(plan, TwinJson.Default.TwinPlan);
        using var answer = await _http.PostAsync(new Uri(Url + "/control/plan"), content);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Modes of the next requests, one each, before the plan's.</summary>
    public async Task NextAsync(params IReadOnlyList<TwinMode> modes)
    {
        using var content = new StringContent(string.Join(',', modes));
        using var answer = await _http.PostAsync(new Uri(Url + "/control/next"), content);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Lists a call that nobody answered and of which no webhook comes.</summary>
    public async Task ListCallAsync(string sid, string from, int minutesAgo)
    {
        using var answer = await _http.PostAsync(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"{Url}/control/call/{sid}/{Uri.EscapeDataString(from)}/{minutesAgo}")), content: null);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Callbacks that are still to be taken by the service.</summary>
    public async Task<int> PendingCallbacksAsync() =>
        int.Parse(await _http.GetStringAsync(new Uri(Url + "/control/pending")), CultureInfo.InvariantCulture);

    /// <summary>Everything received and accepted so far. Only what is new is read, because a loop asks thousands of times.</summary>
    public IReadOnlyList<TwinRecord> ReadLog()
    {
        lock (_records)
        {
            _read = TwinRecord.ReadFrom(_log, _read, _records);
            return [.. _records];
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _watchdog.Forget(_process.Id);
        _process.Dispose();
        _http.Dispose();
    }
}
