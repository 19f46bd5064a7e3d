using LeadLedger.Postgres;
using LeadLedger.Tests.Support;
using Npgsql;

namespace LeadLedger.Tests.Postgres;

/// <summary>A stopped cluster with one row in it, made once and copied for each test that needs one.</summary>
public sealed class StoppedCluster : IAsyncLifetime
{
    private readonly ScratchFolder _original = new();

    public async ValueTask InitializeAsync()
    {
        await using var postgres = await EmbeddedPostgres.StartAsync(Options(_original), CancellationToken.None);
        await Sql.RunAsync(
            postgres.ConnectionString, "create table lead (name text); insert into lead values ('Ada')");
    }

    public ValueTask DisposeAsync()
    {
        _original.Dispose();
        return ValueTask.CompletedTask;
    }

    public ScratchFolder Copy()
    {
        var copy = new ScratchFolder();
        Copy(_original.Path, copy.Path);
        return copy;
    }

    public static EmbeddedPostgresOptions Options(ScratchFolder folder) =>
        new() { DataFolder = folder.Path, Durable = false };

    public static Task<string?> NameInAsync(EmbeddedPostgres postgres) =>
        Sql.ReadAsync<string>(postgres.ConnectionString, "select name from lead");

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(from))
        {
            var below = Path.Combine(to, Path.GetFileName(folder));
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(below);
            }
            else
            {
                Directory.CreateDirectory(below, File.GetUnixFileMode(folder));
            }

            Copy(folder, below);
        }
    }
}

/// <summary>One statement on a connection of its own, so that no pool outlives the server.</summary>
internal static class Sql
{
    public static async Task RunAsync(string connectionString, string statement)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<T?> ReadAsync<T>(string connectionString, string query)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(query, connection);
        return (T?)await command.ExecuteScalarAsync();
    }

    public static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var own = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        var connection = new NpgsqlConnection(own.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
