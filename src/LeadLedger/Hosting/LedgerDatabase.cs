using System.Reflection;
using LeadLedger.Backup;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Schema;
using LeadLedger.Postgres;
using NodaTime;
using Npgsql;

namespace LeadLedger.Hosting;

/// <summary>The database this process uses: the configured server, or a private one in the data folder.</summary>
public sealed class LedgerDatabase : IAsyncDisposable
{
    /// <summary>The assemblies whose numbered scripts make the schema.</summary>
    public static IReadOnlyList<Assembly> SchemaAssemblies { get; } = [typeof(Ledger).Assembly, typeof(LedgerDatabase).Assembly];

    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(2);

    private readonly EmbeddedPostgres? _embedded;
    private readonly string _connectionString;
    private readonly IHostEnvironment _environment;
    private readonly ServiceSettings _settings;
    private readonly IClock _clock;
    private readonly Action<string> _progress;
    private volatile bool _isOpen;

    private LedgerDatabase(
        ServiceSettings settings, EmbeddedPostgres? embedded, IHostEnvironment environment, IClock clock, Action<string> progress)
    {
        _settings = settings;
        _clock = clock;
        _connectionString = settings.ConnectionString ?? embedded!.ConnectionString;
        _embedded = embedded;
        _environment = environment;
        _progress = progress;
        DataSource = CreateDataSource(_connectionString, clock);
        Description = embedded?.Describe ?? $"PostgreSQL at {Where(_connectionString)}";
    }

    public NpgsqlDataSource DataSource { get; }

    /// <summary>One line for the start-up message.</summary>
    public string Description { get; }

    /// <summary>It was reached, is safe, and has the schema of this version.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>What is left to do once the database is open, where it was away at the start.</summary>
    public Func<Task>? WhenOpened { get; set; }

    /// <summary>
    /// Connects, refuses an unsafe server, and brings the schema up to date. A server of one's own that cannot be reached is no reason not to
    /// start: the service keeps webhooks until <see cref="ReachAsync"/> finds it.
    /// </summary>
    public static async Task<LedgerDatabase> OpenAsync(
        ServiceSettings settings, IHostEnvironment environment, IClock clock, Action<string> progress, CancellationToken cancellation)
    {
        var embedded = settings.ConnectionString is null
            ? await EmbeddedPostgres.StartAsync(
                new EmbeddedPostgresOptions { DataFolder = settings.DataFolder, Progress = progress }, cancellation)
            : null;
        var database = new LedgerDatabase(settings, embedded, environment, clock, progress);
        try
        {
            await database.PrepareAsync(cancellation);
            return database;
        }
        catch (Exception exception) when (embedded is null && IsAway(exception))
        {
            progress($"{database.Description} cannot be reached: {exception.Message} The service keeps webhooks on the disk and opens the ledger when the database is there.");
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Asks once whether the database can be written to; starts the private server again when it has died, and opens a database that was away at
    /// the start. One connection, two seconds.
    /// </summary>
    public async Task<bool> ReachAsync(CancellationToken cancellation)
    {
        try
        {
            if (_embedded is not null && await _embedded.EnsureRunningAsync(cancellation) && _embedded.ConnectionString != _connectionString)
            {
                _progress("The PostgreSQL server runs again on another port, because its own was taken. Restart LeadLedger; until then webhooks are kept.");
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(ProbeLimit);
            await using (var connection = await DataSource.OpenConnectionAsync(limit.Token))
            {
                await using var probe = new NpgsqlCommand(
                    "select not pg_is_in_recovery() and current_setting('default_transaction_read_only') = 'off'", connection);
                if (await probe.ExecuteScalarAsync(limit.Token) is not true)
                {
                    return false;
                }
            }

            if (!_isOpen)
            {
                await PrepareAsync(cancellation);
                _progress($"{Description} is there; the ledger is open.");
                await (WhenOpened?.Invoke() ?? Task.CompletedTask);
            }

            return true;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException
            or PostgresUnavailableException or UnsafeServerException or UnsafeStartException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            if (!_isOpen && exception is UnsafeServerException or UnsafeStartException or PostgresException)
            {
                _progress(exception.Message);
            }

            // Connections of before the failure would each fail once more.
            DataSource.Clear();
            return false;
        }
    }

    /// <summary>A pool as every part of the service uses it; with a clock, each new connection first looks whether the server is still the same.</summary>
    public static NpgsqlDataSource CreateDataSource(string connectionString, IClock? clock = null)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "leadledger",
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            Timeout = 5,
            CommandTimeout = 15,
        };
        var source = new NpgsqlDataSourceBuilder(builder.ConnectionString);
        if (clock is not null)
        {
            source.UsePhysicalConnectionInitializer(
                _ => throw new NotSupportedException("connections are opened asynchronously"),
                connection => SendingLock.SeeServerAsync(connection, clock, CancellationToken.None));
        }

        return source.Build();
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }
    }

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        var checks = !_environment.IsEnvironment("Testing");
        await using (var connection = await DataSource.OpenConnectionAsync(cancellation))
        {
            foreach (var warning in checks ? await SafeStart.VerifyAsync(connection, _clock, Environment.GetEnvironmentVariable, cancellation) : [])
            {
                _progress(warning);
            }
        }

        await Migrator.MigrateAsync(DataSource, SchemaAssemblies, cancellation);
        await using (var connection = await DataSource.OpenConnectionAsync(cancellation))
        {
            await SendingLock.SeeServerAsync(connection, _clock, cancellation);
        }

        await StartCount.CountAsync(DataSource, new SendingLock(DataSource, _clock), _settings.DataFolder, cancellation);
        if (checks)
        {
            await KnownSecrets.VerifyAsync(DataSource, _settings, Environment.GetEnvironmentVariable, cancellation);
        }

        _isOpen = true;
    }

    // Wrong credentials or a wrong name are for a person to correct, now; everything else may pass.
    private static bool IsAway(Exception exception) => exception switch
    {
        PostgresException refused => refused.SqlState[..2] is "53" or "55" or "57" or "58",
        NpgsqlException or TimeoutException or System.Net.Sockets.SocketException => true,
        _ => false,
    };

    private static string Where(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        return $"{builder.Host}:{builder.Port}/{builder.Database}";
    }
}
