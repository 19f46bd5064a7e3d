using Npgsql;

namespace LeadLedger.Tests.Postgres;

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
