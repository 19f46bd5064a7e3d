using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using LeadLedger.Postgres;
using LeadLedger.Tests.Support;
using Npgsql;

[assembly: AssemblyFixture(typeof(TestPostgres))]

namespace LeadLedger.Tests.Support;

/// <summary>
/// One PostgreSQL for the whole test run: the server named by LEADLEDGER_TEST_DB, else a private one without fsync.
/// It starts with the first database that is asked for, so runs without database tests do not pay for it.
/// Test classes take it as a constructor argument.
/// </summary>
public sealed class TestPostgres : IAsyncDisposable
{
    public const string ServerVariable = "LEADLEDGER_TEST_DB";

    private readonly Lazy<Task<Func<string, string>>> _server;
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _templates = new();
    private readonly ConcurrentDictionary<string, string> _databases = new();
    private readonly SemaphoreSlim _copying = new(1, 1);
    private readonly string _run = RandomNumberGenerator.GetHexString(6, lowercase: true);
    private EmbeddedPostgres? _embedded;
    private ScratchFolder? _folder;
    private int _count;

    public TestPostgres() => _server = new Lazy<Task<Func<string, string>>>(StartAsync);

    /// <summary>
    /// A connection string to a new, empty database, or to a copy of <paramref name="template"/>: the connection string
    /// <see cref="TemplateAsync"/> returned, or a database's name. Nobody may be connected to a template meanwhile.
    /// </summary>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        var name = string.Create(
            CultureInfo.InvariantCulture, $"leadledger_test_{_run}_{Interlocked.Increment(ref _count)}");
        var source = template is null ? "" : $" template \"{NameOf(template)}\"";
        await _copying.WaitAsync();
        try
        {
            await RunAsync($"create database {name}{source}");
        }
        finally
        {
            _copying.Release();
        }

        var connectionString = (await _server.Value)(name);
        _databases[name] = connectionString;
        return connectionString;
    }

    /// <summary>
    /// Makes a database once per run and key, lets <paramref name="prepare"/> fill it (migrate it), and returns its
    /// connection string to be given to <see cref="CreateDatabaseAsync"/>.
    /// </summary>
    public Task<string> TemplateAsync(string key, Func<string, Task> prepare) =>
        _templates.GetOrAdd(key, _ => new Lazy<Task<string>>(async () =>
        {
            var connectionString = await CreateDatabaseAsync();
            await prepare(connectionString);
            ClearPool(connectionString);
            return connectionString;
        })).Value;

    /// <summary>Drops a database made here, whoever is still connected to it.</summary>
    public async Task DropDatabaseAsync(string connectionString)
    {
        var name = NameOf(connectionString);
        if (_databases.TryRemove(name, out _))
        {
            ClearPool(connectionString);
            await RunAsync($"drop database if exists \"{name}\" with (force)");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_server.IsValueCreated)
        {
            return;
        }

        NpgsqlConnection.ClearAllPools();
        if (_embedded is null)
        {
            foreach (var connectionString in _databases.Values)
            {
                await DropDatabaseAsync(connectionString);
            }
        }
        else
        {
            await _embedded.DisposeAsync();
        }

        _folder?.Dispose();
    }

    private async Task<Func<string, string>> StartAsync()
    {
        if (Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } given)
        {
            return database => new NpgsqlConnectionStringBuilder(given) { Database = database }.ConnectionString;
        }

        _folder = new ScratchFolder();
        _embedded = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions { DataFolder = _folder.Path, Durable = false, MaxConnections = 200 },
            CancellationToken.None);
        return database => new NpgsqlConnectionStringBuilder(_embedded.ConnectionStringFor(database))
        {
            MaxPoolSize = 40,
        }.ConnectionString;
    }

    private async Task RunAsync(string statement)
    {
        var server = await _server.Value;
        var maintenance = new NpgsqlConnectionStringBuilder(server("postgres")) { Pooling = false };
        await using var connection = new NpgsqlConnection(maintenance.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string NameOf(string databaseOrConnectionString) =>
        databaseOrConnectionString.Contains('=', StringComparison.Ordinal)
            ? new NpgsqlConnectionStringBuilder(databaseOrConnectionString).Database!
            : databaseOrConnectionString;

    private static void ClearPool(string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString);
        NpgsqlConnection.ClearPool(connection);
    }
}
