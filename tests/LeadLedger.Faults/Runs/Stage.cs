using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using LeadLedger.Faults.Checking;
using LeadLedger.Faults.Load;
using LeadLedger.Faults.Nemesis;
using LeadLedger.Faults.Processes;
using LeadLedger.Faults.Twin;
using Npgsql;

namespace LeadLedger.Faults.Runs;

/// <summary>Everything a run needs, put up and taken down: server, proxy, stand-in, service processes, load generator.</summary>
public sealed class Stage : IAsyncDisposable
{
    /// <summary>How long everything may take to come to rest once all is healed.</summary>
    public static readonly TimeSpan RestLimit = TimeSpan.FromSeconds(60);

    private readonly Scratch _scratch = new();
    private readonly StageOptions _options;
    private ServiceOptions[] _processes = [];

    private Stage(StageOptions options) => _options = options;

    public PrivateServer Server { get; private set; } = null!;

    public TcpProxy Proxy { get; private set; } = null!;

    public TruthTwin Twin { get; private set; } = null!;

    public Fleet Fleet { get; private set; } = null!;

    public LoadGenerator Load { get; private set; } = null!;

    public string Folder => _scratch.Folder;

    public static async Task<Stage> PutUpAsync(StageOptions options)
    {
        var stage = new Stage(options);
        try
        {
            await stage.PutUpAsync();
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until no work is left that is due, and no callback is on its way.</summary>
    /// <returns>How long it took; null when it is still not at rest after <see cref="RestLimit"/>.</returns>
    public async Task<TimeSpan?> RestAsync(TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        await using var source = NpgsqlDataSource.Create(Server.ConnectionString);
        while (watch.Elapsed < (limit ?? RestLimit))
        {
            if (await Twin.PendingCallbacksAsync() == 0 && SpooledBytes() == 0 && await LedgerReading.NumberAsync(
                source, "select count(*) from outbox where state in ('claimed', 'calling') or state = 'pending' and due_at <= now() or state = 'ambiguous' and kind = 'send_sms'") == 0)
            {
                return watch.Elapsed;
            }

            await Task.Delay(100);
        }

        return null;
    }

    /// <summary>Heals everything, waits for rest, stops and starts the service in good order, and judges the whole run.</summary>
    public async Task JudgeAsync(CheckReport report, TimeSpan? restLimit = null)
    {
        foreach (var slow in await Fleet.HealAsync(TimeSpan.FromSeconds(30)))
        {
            report.Violation("I15", "everything comes to rest once healed", slow);
        }

        var rest = await RestAsync(restLimit);
        report.Check("I15", "everything comes to rest once healed", rest is not null, "work is still due or callbacks are still on their way");
        report.Figure("seconds to rest", rest?.TotalSeconds ?? -1);
        if (rest is null)
        {
            await Console.Out.WriteLineAsync(Fleet.Output);
        }

        await StopInGoodOrderAsync(report);
        foreach (var crash in Fleet.Crashes)
        {
            report.Violation("I25", "no process ends by itself", crash);
        }

        report.Trials("I25", "no process ends by itself", Fleet.Starts);
        // The tables are judged while nobody writes, so that one reading agrees with the next.
        var stoppedAt = DateTime.UtcNow;
        await Fleet.StopAsync();
        await Checker.RunAsync(
            new CheckInput
            {
                StoppedAt = stoppedAt,
                ConnectionString = Server.ConnectionString,
                Sent = Load.Sent,
                Twin = Twin.ReadLog(),
                CallDeadline = _options.CallDeadline,
                Window = _options.Window,
                TextsPerNumber = _options.TextsPerNumber,
            }, report);
        var (code, lines) = await CapturedOutput.RunAsync(
            ["dotnet", _processes[0].Program, "verify"],
            new Dictionary<string, string> { ["ConnectionStrings__Ledger"] = Server.ConnectionString, ["LEADLEDGER_DATA"] = _processes[0].Data },
            TimeSpan.FromMinutes(5));
        report.Check("I10", "leadledger verify finds the ledger sound", code == 0, $"exit code {code}: {string.Join(" / ", lines.TakeLast(5))}");
    }

    public async ValueTask DisposeAsync()
    {
        if (Load is not null)
        {
            await Load.DisposeAsync();
        }

        if (Fleet is not null)
        {
            await Fleet.DisposeAsync();
        }

        if (Proxy is not null)
        {
            await Proxy.DisposeAsync();
        }

        if (Twin is not null)
        {
            await Twin.DisposeAsync();
        }

        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        NpgsqlConnection.ClearAllPools();
        _scratch.Dispose();
    }

    // I26: with texts in the air, SIGTERM to all; nothing acknowledged is lost and no row stays claimed.
    private async Task StopInGoodOrderAsync(CheckReport report)
    {
        await Twin.PlanAsync(new TwinPlan { Services = Fleet.Urls, Modes = new Dictionary<TwinMode, int> { [TwinMode.Slow] = 1 }, SlowMs = 400 });
        var flood = new Workload { Seed = _options.Seed + 77, Count = 60, Rate = 60, DuplicatePercent = 0, StopPercent = 0 };
        var load = Load.RunAsync(flood.Arrivals(), CancellationToken.None);
        await Task.Delay(500);
        foreach (var (seconds, code) in await Fleet.StopAsync())
        {
            report.Check("I26", "SIGTERM ends a process within 25 s and in good order", code == 0 && seconds <= 25,
                string.Create(CultureInfo.InvariantCulture, $"exit code {code} after {seconds:0.0} s:\n{Fleet.Output}"));
            report.Figure("seconds from SIGTERM to the end", seconds);
        }

        await using var source = NpgsqlDataSource.Create(Server.ConnectionString);
        var orphans = await LedgerReading.RowsAsync(source, "select row_to_json(o)::text from outbox o where o.state in ('claimed', 'calling') limit 5", static reader => reader.GetString(0));
        report.Check("I26", "no row stays claimed after SIGTERM", orphans.Count == 0, $"claimed or calling: {string.Join('\n', orphans)}\n{Fleet.Output}");
        var crashes = Fleet.Crashes;
        await Fleet.DisposeAsync();
        Fleet = new Fleet(_scratch, _processes);
        await Fleet.StartAsync();
        await Twin.PlanAsync(new TwinPlan { Services = Fleet.Urls });
        await load;
        var rest = await RestAsync();
        report.Check("I15", "everything comes to rest once healed", rest is not null, "work is still due after a restart in good order");
        foreach (var crash in crashes)
        {
            report.Violation("I25", "no process ends by itself", crash);
        }
    }

    private long SpooledBytes() => _processes.Sum(process => Directory.Exists(Path.Combine(process.Data, "spool"))
        ? Directory.EnumerateFiles(Path.Combine(process.Data, "spool"), "*.spool", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length)
        : 0);

    private async Task PutUpAsync()
    {
        if (_options.Before is { } before)
        {
            await before(_scratch.Folder);
        }

        Server = await PrivateServer.CreateAsync(
            _scratch.Below("postgres"), _scratch.Watchdog, _options.PostgresSettings,
            _options.WalFolder is { } wal ? _scratch.Below(wal) : null, _options.PostgresEnvironment?.Invoke(_scratch.Folder));
        Proxy = new TcpProxy(Server.Port);
        Twin = await TruthTwin.StartAsync(_scratch);
        TestBusiness.Write(_scratch.Below("config"), Twin.Url, _options.WithCrm, _options.Business);
        _processes =
        [
            .. Enumerable.Range(0, _options.Processes).Select(index => new ServiceOptions
            {
                Program = ServiceOptions.FindProgram(),
                ConnectionString = PrivateServer.ConnectionStringThrough(Proxy.Port),
                Config = _scratch.Below("config"),
                Data = _scratch.Below(string.Create(CultureInfo.InvariantCulture, $"service{index}")),
                Port = Loopback.FreePort(),
                TwinUrl = Twin.Url,
                SmtpUrl = Twin.SmtpUrl,
                Prefix = _options.Prefix,
                Environment = Environment(index),
            }),
        ];
        Fleet = new Fleet(_scratch, _processes);
        await Fleet.StartAsync();
        await Twin.PlanAsync(new TwinPlan { Services = Fleet.Urls });
        Load = new LoadGenerator(Fleet.Urls, _scratch.Below("load.jsonl"), _options.Together);
    }

    private Dictionary<string, string> Environment(int index)
    {
        var own = _options.EnvironmentOf?.Invoke(_scratch.Folder, index) ?? _options.Environment;
        var environment = new Dictionary<string, string>(own, StringComparer.Ordinal)
        {
            ["LEADLEDGER_CALL_SECONDS"] = _options.CallDeadline.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            ["LEADLEDGER_LEASE_SECONDS"] = _options.Lease.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            ["LEADLEDGER_RECOVERY_SECONDS"] = "1",
            ["LEADLEDGER_BREAKER_FAILURES"] = "1000000",

            // A text whose fate stays unknown is brought to a person after 15 minutes; here after 18 seconds.
            ["LEADLEDGER_SETTLE_SCALE"] = "0.02",
        };
        return environment;
    }
}

/// <summary>How a stage is put up.</summary>
public sealed record StageOptions
{
    public required int Seed { get; init; }

    public int Processes { get; init; } = 2;

    public int Together { get; init; } = 64;

    public bool WithCrm { get; init; }

    public Action<JsonObject>? Business { get; init; }

    /// <summary>The service's, in the Faults build.</summary>
    public TimeSpan CallDeadline { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Longer than the call deadline.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(5);

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>More environment of one process, by the scratch folder and its index; in place of <see cref="Environment"/>.</summary>
    public Func<string, int, IReadOnlyDictionary<string, string>>? EnvironmentOf { get; init; }

    /// <summary>What is done in the scratch folder before anything is started, such as mounting a small volume.</summary>
    public Func<string, Task>? Before { get; init; }

    /// <summary>The folder of the WAL, below the scratch folder, when it is apart from the data.</summary>
    public string? WalFolder { get; init; }

    /// <summary>The postmaster's, by the scratch folder.</summary>
    public Func<string, IReadOnlyDictionary<string, string>>? PostgresEnvironment { get; init; }

    public IReadOnlyList<string> Prefix { get; init; } = [];

    public string PostgresSettings { get; init; } = "";

    public Func<string, QuietHours>? Window { get; init; }

    /// <summary>The business's limit of texts to one number in an hour, when it can be reached.</summary>
    public int? TextsPerNumber { get; init; }
}
