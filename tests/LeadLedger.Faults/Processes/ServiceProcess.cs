using System.Diagnostics;
using System.Globalization;

namespace LeadLedger.Faults.Processes;

/// <summary>The service as a process of its own, killed, paused and stopped by its recorded id.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    public const string PublicBase = "https://leads.test";
    public const string AdminKey = "admin key for fault tests 0123456789";

    private static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(2) };

    private readonly Process _process;
    private readonly CapturedOutput _output;
    private readonly Watchdog _watchdog;
    private bool _disposed;

    private ServiceProcess(Process process, CapturedOutput output, Watchdog watchdog, ServiceOptions options)
    {
        _process = process;
        _output = output;
        _watchdog = watchdog;
        Options = options;
        Id = process.Id;
    }

    public ServiceOptions Options { get; }

    public int Id { get; }

    public string Url => UrlOf(Options.Port);

    /// <summary>From the start of the process until it was ready.</summary>
    public TimeSpan StartTook { get; private set; }

    public bool HasExited => _disposed || _process.HasExited;

    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>What it printed, latest lines.</summary>
    public IReadOnlyList<string> Log => _output.Lines;

    public static string UrlOf(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    /// <summary>Starts it and waits until it is ready, or throws with its output. Use <see cref="Launch"/> to not wait.</summary>
    public static async Task<ServiceProcess> StartAsync(ServiceOptions options, Watchdog watchdog, CancellationToken cancellation = default)
    {
        var service = Launch(options, watchdog);
        if (!await service.WaitUntilUpAsync(cancellation))
        {
            var failure = $"the service did not start (exit code {service.ExitCode}):\n{string.Join('\n', service.Log.TakeLast(40))}";
            await service.DisposeAsync();
            throw new InvalidOperationException(failure);
        }

        return service;
    }

    /// <summary>Starts it without waiting.</summary>
    public static ServiceProcess Launch(ServiceOptions options, Watchdog watchdog)
    {
        Directory.CreateDirectory(options.Data);
        var environment = new Dictionary<string, string>(options.Environment, StringComparer.Ordinal);
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Testing",
            ["ASPNETCORE_URLS"] = UrlOf(options.Port),
            ["PUBLIC_BASE_URL"] = PublicBase,
            ["ConnectionStrings__Ledger"] = options.ConnectionString,
            ["LEADLEDGER_CONFIG"] = options.Config,
            ["LEADLEDGER_DATA"] = options.Data,
            ["LEADLEDGER_ADMIN_KEY"] = AdminKey,
            ["TWILIO_ACCOUNT_SID"] = Webhooks.SignedWebhooks.AccountSid,
            ["TWILIO_AUTH_TOKEN"] = Webhooks.SignedWebhooks.AuthToken,
            ["TWILIO_API_BASE_URL"] = Loopback.Checked(options.TwinUrl).ToString().TrimEnd('/'),
            ["SMTP_URL"] = options.SmtpUrl,
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_TieredPGO"] = "0",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        })
        {
            environment.TryAdd(name, value);
        }

        var (process, output) = CapturedOutput.Start([.. options.Prefix, "dotnet", options.Program], environment, options.Data);
        watchdog.Watch(process.Id);
        return new ServiceProcess(process, output, watchdog, options);
    }

    /// <summary>False when it ended or took too long.</summary>
    public async Task<bool> WaitUntilUpAsync(CancellationToken cancellation = default)
    {
        var watch = Stopwatch.StartNew();
        var probe = Options.WaitUntilReady ? "/health/ready" : "/health/live";
        while (!_process.HasExited && watch.Elapsed < Options.StartLimit)
        {
            if (await AnswersAsync(probe, cancellation))
            {
                StartTook = watch.Elapsed;
                return true;
            }

            await Task.Delay(10, cancellation);
        }

        return false;
    }

    /// <summary>Whether an address of it answers 2xx.</summary>
    public async Task<bool> AnswersAsync(string path, CancellationToken cancellation = default)
    {
        try
        {
            using var answer = await Probe.GetAsync(new Uri(Url + path), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            Signals.Send(Id, Signals.Kill);
        }

        await _process.WaitForExitAsync();
        _watchdog.Forget(Id);
    }

    public void Pause() => Signals.Send(Id, Signals.Stop);

    public void Resume() => Signals.Send(Id, Signals.Continue);

    /// <summary>SIGTERM without waiting.</summary>
    public void Terminate() => Signals.Send(Id, Signals.Terminate);

    /// <summary>False when it is still there after that time.</summary>
    public async Task<bool> WaitForExitAsync(TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            _watchdog.Forget(Id);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        if (!_process.HasExited)
        {
            Resume();
        }

        await KillAsync();
        _disposed = true;
        _process.Dispose();
    }
}
