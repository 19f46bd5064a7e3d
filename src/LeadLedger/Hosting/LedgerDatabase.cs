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

    private readonly EmbeddedPostgres? _embedded;

    private LedgerDatabase(NpgsqlDataSource dataSource, EmbeddedPostgres? embedded, string description)
    {
        DataSource = dataSource;
        _embedded = embedded;
        Description = description;
    }

    public NpgsqlDataSource DataSource { get; }

    /// <summary>One line for the start-up message.</summary>
    public string Description { get; }

    /// <summary>Connects, refuses an unsafe server, and brings the schema up to date.</summary>
    public static async Task<LedgerDatabase> OpenAsync(
        ServiceSettings settings, IHostEnvironment environment, IClock clock, Action<string> progress, CancellationToken cancellation)
    {
        var embedded = settings.ConnectionString is null
            ? await EmbeddedPostgres.StartAsync(
                new EmbeddedPostgresOptions { DataFolder = settings.DataFolder, Progress = progress }, cancellation)
            : null;
        var dataSource = CreateDataSource(settings.ConnectionString ?? embedded!.ConnectionString, clock);
        try
        {
            var checks = !environment.IsEnvironment("Testing");
            await using (var connection = await dataSource.OpenConnectionAsync(cancellation))
            {
                foreach (var warning in checks ? await SafeStart.VerifyAsync(connection, clock, Environment.GetEnvironmentVariable, cancellation) : [])
                {
                    progress(warning);
                }
            }

            await Migrator.MigrateAsync(dataSource, SchemaAssemblies, cancellation);
            await using (var connection = await dataSource.OpenConnectionAsync(cancellation))
            {
                await SendingLock.SeeServerAsync(connection, clock, cancellation);
            }

            await StartCount.CountAsync(dataSource, new SendingLock(dataSource, clock), settings.DataFolder, cancellation);
            if (checks)
            {
                await KnownSecrets.VerifyAsync(dataSource, settings, Environment.GetEnvironmentVariable, cancellation);
            }

            return new LedgerDatabase(dataSource, embedded, embedded?.Describe ?? $"PostgreSQL at {Where(settings.ConnectionString!)}");
        }
        catch
        {
            await dataSource.DisposeAsync();
            if (embedded is not null)
            {
                await embedded.DisposeAsync();
            }

            throw;
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

    private static string Where(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        return $"{builder.Host}:{builder.Port}/{builder.Database}";
    }
}
