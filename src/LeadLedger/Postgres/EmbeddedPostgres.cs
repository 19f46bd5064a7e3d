using System.Globalization;

namespace LeadLedger.Postgres;

/// <summary>
/// A private PostgreSQL in the data folder, for everybody who does not want to run a database: made on the first start,
/// taken over after a crash, stopped with the service.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    // Replaying the log after a crash takes as long as it takes; a service that gives up earlier only starts it over.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan TakeoverLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FastStopLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ImmediateStopLimit = TimeSpan.FromSeconds(10);

    private readonly EmbeddedPostgresOptions _options;
    private readonly DataFolderLock _lock;
    private readonly ClusterFolder _folder;
    private readonly ServerAccess _access;
    private readonly string _token;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private PostmasterFile? _server;
    private PostgresBinaries? _binaries;
    private ServerAccount? _account;
    private Watchdog? _watchdog;
    private string _version = "";
    private bool _answersForServer;
    private bool _disposed;

    private EmbeddedPostgres(EmbeddedPostgresOptions options, DataFolderLock held)
    {
        _options = options;
        _lock = held;
        _folder = new ClusterFolder(options.DataFolder);
        _access = new ServerAccess(_folder);
        _token = _folder.TakeOwnership();
    }

    /// <summary>For the service's own database, which exists.</summary>
    public string ConnectionString => ConnectionStringFor(ServerAccess.ServiceName);

    /// <summary>One line for the start-up message.</summary>
    public string Describe => string.Create(
        CultureInfo.InvariantCulture,
        $"PostgreSQL {_version} in {_folder.Cluster}, port {_server?.Port} on 127.0.0.1");

    /// <summary>The server's process id, for tests that kill it.</summary>
    internal int ServerProcessId => _server?.ProcessId ?? 0;

    /// <summary>Starts the private server, or takes over the one a killed service left running.</summary>
    /// <exception cref="PostgresUnavailableException">It cannot be started; the message says what to do.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, CancellationToken ct)
    {
        options = options with { DataFolder = Path.GetFullPath(options.DataFolder) };
        var held = DataFolderLock.Take(options.DataFolder);
        EmbeddedPostgres? postgres = null;
        try
        {
            postgres = new EmbeddedPostgres(options, held);
            await postgres.BringUpAsync(ct);
            return postgres;
        }
        catch (Exception problem)
        {
            if (postgres is null)
            {
                held.Dispose();
            }
            else
            {
                await postgres.DisposeAsync();
            }

            if (problem is IOException or UnauthorizedAccessException)
            {
                throw DataFolderLock.Unusable(options.DataFolder, problem);
            }

            throw;
        }
    }

    /// <summary>For any database of the private server, as the service's role.</summary>
    public string ConnectionStringFor(string database) => _access.ConnectionString(
        _server?.Port ?? throw new InvalidOperationException("The server is not running."), database,
        poolSize: Math.Max(1, _options.MaxConnections - 10));

    /// <summary>Starts the server again when it has died under a running service; true when it had to.</summary>
    public async Task<bool> EnsureRunningAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_server is { } server && PostmasterProcess.IsAlive(server))
            {
                return false;
            }

            Report("The PostgreSQL server has ended; starting it again.");
            await BringUpAsync(ct);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops the server in good order and lets the next service use the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            try
            {
                await StopAsync();
            }
            finally
            {
                _watchdog?.Dispose();
                _lock.Dispose();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task BringUpAsync(CancellationToken ct)
    {
        _watchdog?.Dispose();
        _watchdog = null;
        _server = await TakeOverAsync(ct) ?? await StartServerAsync(ct);
        if (_options.Watchdog)
        {
            _watchdog = Watchdog.Start(_folder, _token, _server.ProcessId);
        }

        _version = await _access.PrepareAsync(_server.Port, ct);
    }

    /// <summary>The server a killed service left behind, ready for use; null when a new one has to be started.</summary>
    private async Task<PostmasterFile?> TakeOverAsync(CancellationToken ct)
    {
        var left = PostmasterFile.Read(_folder.PostmasterFile);
        if (left is null)
        {
            return null;
        }

        Report("The last run did not end in good order; taking its database over.");
        PostmasterFile? current = left;
        var reason = "it is not ready";
        var decided = await Poll.UntilAsync(
            async () =>
            {
                // The server may be starting, stopping or ready; each shows in its own file or in its end.
                current = PostmasterFile.Read(_folder.PostmasterFile);
                if (current is null || !PostmasterProcess.IsAlive(current))
                {
                    return true;
                }

                if (!current.IsReady)
                {
                    return false;
                }

                (var isOurs, reason) = await _access.IsOursAsync(current, ct);
                return isOurs;
            },
            TakeoverLimit, ct);
        if (!decided)
        {
            throw new PostgresUnavailableException(PostgresHelp.DoesNotAnswer(current ?? left, _folder, reason));
        }

        if (current is null)
        {
            return null;
        }

        if (!PostmasterProcess.IsAlive(current))
        {
            await SetStaleFileAsideAsync(ct);
            return null;
        }

        _server = current;
        _answersForServer = true;
        if (await _access.HasFsyncAsync(current.Port, ct) == _options.Durable)
        {
            return current;
        }

        await StopAsync();
        return null;
    }

    /// <summary>
    /// PostgreSQL itself ignores a stale file whose process is gone, but not one whose process id lives on as a zombie
    /// or as another program. We hold the folder's lock and have seen that the server is dead, so the file may go; it
    /// is renamed, and first every process of that server must have left the folder.
    /// </summary>
    private async Task SetStaleFileAsideAsync(CancellationToken ct)
    {
        if (!await Poll.UntilAsync(() => !PostmasterProcess.HasSurvivors(_folder.Cluster), TakeoverLimit, ct))
        {
            throw new PostgresUnavailableException(
                $"The PostgreSQL server in {_folder.Cluster} has died, but some of its processes still work there. "
                + "End them (their command line begins with 'postgres: leadledger'), and start LeadLedger again.");
        }

        File.Move(_folder.PostmasterFile, Path.Combine(_folder.Root, "postmaster.pid.stale"), overwrite: true);
    }

    private async Task<PostmasterFile> StartServerAsync(CancellationToken ct)
    {
        var major = _folder.MajorVersion();
        _account ??= await ServerAccount.ForAsync(_folder.Root, ct);
        _binaries ??= await BinarySearch.FindAsync(Places(_account), major, _account, Report, ct);
        if (major is null)
        {
            Report($"Making a new PostgreSQL {_binaries.Version} database in {_folder.Cluster} ...");
            await ClusterCreation.CreateAsync(_folder, _binaries, _account, _options.Durable, ct);
        }

        for (var attempt = 1; ; attempt++)
        {
            var port = UsablePort();
            _folder.WriteSettings(ServerSettings.Text(_options, port));
            var logStart = ServerLog.Begin(_folder.Log);
            _answersForServer = true;
            var result = await Command.RunAsync(
                _account.Wrap(
                    _binaries.PgCtl, "start", "-w", "-s", "-t",
                    StartLimit.TotalSeconds.ToString(CultureInfo.InvariantCulture),
                    "-D", _folder.Cluster, "-l", _folder.Log),
                _folder.Root, ct, capture: !OperatingSystem.IsWindows(), spareChildren: true);
            var server = PostmasterFile.Read(_folder.PostmasterFile);
            if (result.Succeeded && server is not null)
            {
                return server;
            }

            // Another program may have taken the port between our look and the server's.
            if (attempt == 3 || LoopbackPort.IsFree(port))
            {
                throw new PostgresUnavailableException(PostgresHelp.DidNotStart(
                    _binaries.Version, _folder, result.Output, ServerLog.EndSince(_folder.Log, logStart)));
            }
        }
    }

    private BinaryPlaces Places(ServerAccount account) => _options.Places ?? BinaryPlaces.OfThisMachine(
        _options.BinariesFolder, account, _folder.Root, Environment.GetEnvironmentVariable);

    private int UsablePort()
    {
        if (_folder.Port() is { } kept && LoopbackPort.IsFree(kept))
        {
            return kept;
        }

        var chosen = LoopbackPort.Choose();
        _folder.KeepPort(chosen);
        return chosen;
    }

    private async Task StopAsync()
    {
        // A server we could not take over stays as it was found. The file is read again, as a start that was cancelled
        // half-way has a server we never got to know.
        var server = _answersForServer ? PostmasterFile.Read(_folder.PostmasterFile) ?? _server : null;
        if (server is null || !PostmasterProcess.IsAlive(server))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            _binaries ??= await BinarySearch.FindAsync(
                Places(ServerAccount.Own), _folder.MajorVersion(), ServerAccount.Own, Report, CancellationToken.None);
            await Command.RunAsync(
                [_binaries.PgCtl, "stop", "-w", "-s", "-m", "fast", "-D", _folder.Cluster],
                _folder.Root, CancellationToken.None, capture: false);
            return;
        }

        PostmasterProcess.AskToStop(server.ProcessId);
        if (await HasEndedAsync(FastStopLimit))
        {
            return;
        }

        Report("PostgreSQL does not stop; ending it at once. The next start replays its log, nothing is lost.");
        PostmasterProcess.StopAtOnce(server.ProcessId);
        await HasEndedAsync(ImmediateStopLimit);

        Task<bool> HasEndedAsync(TimeSpan limit) =>
            Poll.UntilAsync(() => !PostmasterProcess.IsAlive(server), limit, CancellationToken.None);
    }

    private void Report(string sentence) => _options.Progress?.Invoke(sentence);
}
