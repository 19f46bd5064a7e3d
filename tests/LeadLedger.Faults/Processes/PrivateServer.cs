using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace LeadLedger.Faults.Processes;

/// <summary>
/// A PostgreSQL of this run alone: own data folder, own port, durable as in production. It is killed with all its children and started again
/// on the same files; <c>postmaster.pid</c> is never touched, because removing it is a fault of the test and not of the server.
/// </summary>
public sealed class PrivateServer : IAsyncDisposable
{
    private const int StartSeconds = 60;
    private readonly PostgresPrograms _programs;
    private readonly Watchdog _watchdog;
    private readonly string _data;
    private readonly string _settings;
    private readonly IReadOnlyDictionary<string, string>? _environment;
    private Process? _process;
    private CapturedOutput? _output;

    private PrivateServer(PostgresPrograms programs, Watchdog watchdog, string data, int port, string settings, IReadOnlyDictionary<string, string>? environment)
    {
        _programs = programs;
        _watchdog = watchdog;
        _data = data;
        _settings = settings;
        _environment = environment;
        Port = port;
    }

    public int Port { get; }

    public string DataFolder => _data;

    /// <summary>The postmaster's process id; 0 while it is down.</summary>
    public int Id => _process?.Id ?? 0;

    /// <summary>For the harness itself: never through a proxy.</summary>
    public string ConnectionString => ConnectionStringThrough(Port);

    /// <summary>False when it was stopped, killed or gave up by itself, as with a full WAL volume.</summary>
    public bool IsRunning => _process is { HasExited: false };

    public IReadOnlyList<string> Log => _output?.Lines ?? [];

    /// <summary>Makes a cluster in the folder and starts it.</summary>
    /// <param name="folder">A folder that does not exist yet, below a scratch folder.</param>
    /// <param name="watchdog">Ends it when we cannot.</param>
    /// <param name="settings">More lines for the configuration, such as <c>fsync = off</c> for a planted defect.</param>
    /// <param name="walFolder">Where the WAL goes when it has a volume of its own; an empty folder.</param>
    /// <param name="environment">Of the postmaster, such as a clock that jumps.</param>
    public static async Task<PrivateServer> CreateAsync(
        string folder, Watchdog watchdog, string settings = "", string? walFolder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var programs = PostgresPrograms.Find();
        Directory.CreateDirectory(folder);
        if (programs.Owner is { } owner)
        {
            await RequireAsync(["chown", owner, folder, walFolder ?? folder]);
        }

        var data = Path.Combine(folder, "data");
        string[] wal = walFolder is null ? [] : ["--waldir=" + Path.Combine(walFolder, "wal"), "--wal-segsize=1"];
        await RequireAsync(programs.Command(
            "initdb", ["-D", data, "-U", "faults", "--auth=trust", "--encoding=UTF8", "--locale=C", "--data-checksums", "--no-instructions", .. wal]));
        var server = new PrivateServer(programs, watchdog, data, Loopback.FreePort(), settings, environment);
        await server.StartAsync();
        await using var connection = new NpgsqlConnection(ConnectionStringThrough(server.Port, "postgres"));
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand("create database ledger", connection);
        await create.ExecuteNonQueryAsync();
        return server;
    }

    /// <summary>The ledger's address through a port that forwards to this server.</summary>
    public static string ConnectionStringThrough(int port, string database = "ledger") => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=faults;Database={database};Timeout=5;Command Timeout=10;SSL Mode=Disable");

    /// <summary>Starts the server on its files and waits until it answers.</summary>
    /// <returns>How long that took, recovery included.</returns>
    public async Task<TimeSpan> StartAsync()
    {
        if (_process is { HasExited: false })
        {
            return TimeSpan.Zero;
        }

        var watch = Stopwatch.StartNew();
        await WriteSettingsAsync();
        while (true)
        {
            (_process, _output) = CapturedOutput.Start(_programs.Command("postgres", "-D", _data), _environment);
            _watchdog.Watch(_process.Id);
            while (!_process.HasExited)
            {
                if (await AnswersAsync())
                {
                    return watch.Elapsed;
                }

                if (watch.Elapsed.TotalSeconds > StartSeconds)
                {
                    throw new InvalidOperationException($"PostgreSQL does not answer:\n{_output}");
                }

                await Task.Delay(20);
            }

            // A child of the killed server may still hold the shared memory; it goes by itself within moments.
            _watchdog.Forget(_process.Id);
            if (watch.Elapsed.TotalSeconds > StartSeconds)
            {
                throw new InvalidOperationException($"PostgreSQL does not start:\n{_output}");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>kill -9 of the postmaster and every child it has now, and waits until all are gone.</summary>
    public async Task KillAsync()
    {
        if (_process is not { HasExited: false } process)
        {
            return;
        }

        var children = Signals.ChildrenOf(process.Id);
        Signals.Send(process.Id, Signals.Kill);
        foreach (var child in children)
        {
            Signals.Send(child, Signals.Kill);
        }

        await process.WaitForExitAsync();
        var watch = Stopwatch.StartNew();
        while (children.Any(Signals.IsAlive) && watch.Elapsed.TotalSeconds < 10)
        {
            await Task.Delay(5);
        }

        _watchdog.Forget(process.Id);
        process.Dispose();
        _process = null;
    }

    /// <summary>A fast shutdown, as an administrator does it.</summary>
    public async Task StopAsync()
    {
        if (_process is not { HasExited: false } process)
        {
            return;
        }

        Signals.Send(process.Id, Signals.Interrupt);
        await process.WaitForExitAsync();
        _watchdog.Forget(process.Id);
        process.Dispose();
        _process = null;
    }

    /// <summary>Freezes or thaws the postmaster and its children: a server that accepts and never answers.</summary>
    public void Freeze(bool frozen)
    {
        if (_process is { HasExited: false } process)
        {
            foreach (var pid in Signals.ChildrenOf(process.Id).Prepend(process.Id))
            {
                Signals.Send(pid, frozen ? Signals.Stop : Signals.Continue);
            }
        }
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private static async Task RequireAsync(IReadOnlyList<string> command)
    {
        var (code, lines) = await CapturedOutput.RunAsync(command);
        if (code != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {code}:\n{string.Join('\n', lines)}");
        }
    }

    private Task WriteSettingsAsync()
    {
        // Commit times give the checker the true order of two commits.
        var text = string.Create(CultureInfo.InvariantCulture, $"""
            listen_addresses = '127.0.0.1'
            port = {Port}
            unix_socket_directories = ''
            fsync = on
            full_page_writes = on
            synchronous_commit = on
            track_commit_timestamp = on
            max_connections = 150
            shared_buffers = '64MB'
            max_wal_size = '512MB'
            checkpoint_timeout = '5min'
            wal_compression = on
            jit = off
            log_checkpoints = off
            timezone = 'UTC'
            log_timezone = 'UTC'
            {_settings}

            """);
        return File.WriteAllTextAsync(Path.Combine(_data, "postgresql.auto.conf"), text);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionStringThrough(Port, "postgres") + ";Pooling=false;Timeout=1");
            await connection.OpenAsync();
            return true;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }
}
