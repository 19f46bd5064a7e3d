using Npgsql;

namespace LeadLedger.Tests.Support;

/// <summary>Takes one database away and gives it back, as a failover to a server that is not ready does; the others on the server stay.</summary>
public static class DatabaseSwitch
{
    public static async Task SetAsync(string connectionString, bool there)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await using var change = source.CreateCommand($"alter database \"{name}\" allow_connections {(there ? "true" : "false")}");
        await change.ExecuteNonQueryAsync();
        await using var end = source.CreateCommand($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}' and backend_type = 'client backend'");
        await end.ExecuteNonQueryAsync();
    }
}
