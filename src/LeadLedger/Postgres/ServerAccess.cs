using Npgsql;

namespace LeadLedger.Postgres;

/// <summary>Connections to the private server: what it is asked at start-up, and what the service gets.</summary>
internal sealed class ServerAccess(ClusterFolder folder)
{
    /// <summary>The service's database, and its role without superuser rights.</summary>
    public const string ServiceName = "leadledger";

    /// <summary>Makes the role and the database above; nothing else uses it.</summary>
    public const string Superuser = "postgres";

    public string ConnectionString(int port, string database, int poolSize) =>
        new NpgsqlConnectionStringBuilder(Server(port, database))
        {
            Username = ServiceName,
            ApplicationName = "LeadLedger",
            MaxPoolSize = poolSize,
        }.ConnectionString;

    /// <summary>Makes the service's role and database when they are missing; returns the server's version.</summary>
    public async Task<string> PrepareAsync(int port, CancellationToken ct)
    {
        await using var connection = await OpenAsSuperuserAsync(port, ct);
        if (!await ExistsAsync("select exists (select from pg_roles where rolname = $1)"))
        {
            // The password is hexadecimal by construction; statements of this kind take no parameters.
            await RunAsync(
                $"""
                create role {ServiceName} login createdb password '{folder.Password()}'
                in role pg_monitor, pg_signal_backend, pg_checkpoint
                """);
        }

        if (!await ExistsAsync("select exists (select from pg_database where datname = $1)"))
        {
            await RunAsync($"create database {ServiceName} owner {ServiceName}");
        }

        return connection.PostgreSqlVersion.ToString();

        async Task<bool> ExistsAsync(string query)
        {
            await using var command = new NpgsqlCommand(query, connection);
            command.Parameters.AddWithValue(ServiceName);
            return (bool?)await command.ExecuteScalarAsync(ct) == true;
        }

        async Task RunAsync(string statement)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>Whether the server on that port is the one of this folder; if not yet, the reason it gives.</summary>
    /// <exception cref="PostgresUnavailableException">It is, but our password is not its own.</exception>
    public async Task<(bool IsOurs, string Reason)> IsOursAsync(PostmasterFile server, CancellationToken ct)
    {
        try
        {
            var seen = (string?)await AskAsync(server.Port, "select pg_read_file('postmaster.pid')", ct);
            return seen?.Split('\n')[0] == server.Content.Split('\n')[0]
                ? (true, "")
                : (false, $"port {server.Port} belongs to another server");
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            throw new PostgresUnavailableException(
                PostgresHelp.DoesNotAnswer(server, folder, problem.MessageText), problem);
        }
        catch (NpgsqlException problem)
        {
            return (false, problem.Message);
        }
    }

    public async Task<bool> HasFsyncAsync(int port, CancellationToken ct) =>
        (bool?)await AskAsync(port, "select current_setting('fsync') = 'on'", ct) == true;

    private async Task<object?> AskAsync(int port, string query, CancellationToken ct)
    {
        await using var connection = await OpenAsSuperuserAsync(port, ct);
        await using var command = new NpgsqlCommand(query, connection);
        return await command.ExecuteScalarAsync(ct);
    }

    private async Task<NpgsqlConnection> OpenAsSuperuserAsync(int port, CancellationToken ct)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server(port, "postgres"))
        {
            Username = Superuser,
            Pooling = false,
            Timeout = 5,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private string Server(int port, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Database = database,
        Password = folder.Password(),
        // Both would cost a round trip for each connection, on an address that never leaves the machine.
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;
}
