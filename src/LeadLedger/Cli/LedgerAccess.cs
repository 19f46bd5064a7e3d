using LeadLedger.Hosting;
using LeadLedger.Postgres;
using Npgsql;

namespace LeadLedger.Cli;

/// <summary>
/// The database for verbs that work on an existing ledger. It is found as the service finds it; beside a running service
/// its server is used, otherwise the private server is started for as long as the verb runs. Nothing is made or migrated.
/// </summary>
internal sealed class LedgerAccess : IAsyncDisposable
{
    private readonly EmbeddedPostgres? _embedded;

    private LedgerAccess(string connectionString, EmbeddedPostgres? embedded)
    {
        ConnectionString = connectionString;
        DataSource = CreateDataSource(connectionString);
        _embedded = embedded;
    }

    /// <summary>With its password, for whoever needs another connection to the same server.</summary>
    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    public static async Task<LedgerAccess> OpenAsync(
        IConfiguration configuration, Action<string> progress, CancellationToken cancellation)
    {
        var configured = configuration.GetConnectionString("Ledger");
        var folder = Path.GetFullPath(configuration["LEADLEDGER_DATA"] ?? "data");
        if ((configured ?? RunningServer.ConnectionString(folder)) is { } reachable)
        {
            return new LedgerAccess(reachable, null);
        }

        if (!RunningServer.HasCluster(folder))
        {
            throw new SettingsException(
                $"There is no ledger in {folder}. Set LEADLEDGER_DATA to the service's data folder, or ConnectionStrings__Ledger to its database.");
        }

        var embedded = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions { DataFolder = folder, Progress = progress }, cancellation);
        return new LedgerAccess(embedded.ConnectionString, embedded);
    }

    // Nobody waits for an answer within seconds here, so a busy machine is no reason to give up.
    private static NpgsqlDataSource CreateDataSource(string connectionString) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "leadledger", Timeout = 30 });

    /// <summary>Settings from where the service takes them, so that a verb works on the service's ledger.</summary>
    public static IConfiguration Environment() => new ConfigurationBuilder()
        .SetBasePath(Directory.GetCurrentDirectory())
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables()
        .Build();

    /// <summary>Runs a verb on the ledger and turns what keeps it from running into a sentence and an exit code.</summary>
    public static async Task<int> RunAsync(Func<LedgerAccess, Task<int>> verb, CancellationToken cancellation)
    {
        try
        {
            await using var access = await OpenAsync(Environment(), Console.Error.WriteLine, cancellation);
            return await verb(access);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            await Console.Error.WriteLineAsync("This database holds no ledger, or one of an older version: start the service once to bring it up to date.");
            return ExitCodes.CouldNotRun;
        }
        catch (Exception exception) when (StartupReport.Explain(exception) is { } explanation)
        {
            await Console.Error.WriteLineAsync(explanation);
            return ExitCodes.CouldNotRun;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }
    }
}
