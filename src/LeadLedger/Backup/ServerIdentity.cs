using System.Globalization;
using LeadLedger.Postgres;
using Npgsql;

namespace LeadLedger.Backup;

/// <summary>A server as a backup sees it, and how its tools reach it.</summary>
/// <param name="ConnectionString">With an account that may replicate.</param>
/// <param name="DataFolder">Of the private server; null for a server of the operator's own.</param>
/// <param name="SystemIdentifier">PostgreSQL's name for the cluster.</param>
/// <param name="Timeline">Raised by every restore and failover.</param>
/// <param name="Version">Such as 15.18.</param>
/// <param name="Major">Such as 15.</param>
/// <param name="WalSegmentBytes">Bytes of one file of the log.</param>
/// <param name="SlotKeepMegabytes">How much log a slot may keep; -1 is without limit.</param>
public sealed record ServerIdentity(
    string ConnectionString, string? DataFolder, string SystemIdentifier, int Timeline, string Version, int Major, int WalSegmentBytes, int SlotKeepMegabytes)
{
    private const string Sql =
        """
        select (select system_identifier from pg_control_system())::text,
               ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int,
               current_setting('server_version_num')::int, split_part(current_setting('server_version'), ' ', 1),
               (select setting::int from pg_settings where name = 'wal_segment_size'),
               (select setting::int from pg_settings where name = 'max_slot_wal_keep_size'),
               (select r.rolreplication or r.rolsuper from pg_roles r where r.rolname = current_user), current_user::text,
               current_setting('wal_level'), current_setting('max_wal_senders')::int
        """;

    /// <summary>The server a backup is made of, as the service finds it; null when it cannot be reached now.</summary>
    /// <exception cref="BackupException">It can be reached, but its settings do not allow a backup.</exception>
    public static async Task<ServerIdentity?> TryFindAsync(string? configured, string dataFolder, CancellationToken cancellation)
    {
        var (reachable, folder) = configured is not null
            ? (configured, null)
            : (RunningServer.ConnectionString(dataFolder) is { } own ? RunningServer.ForBackups(own) : null, dataFolder);
        if (reachable is null)
        {
            return null;
        }

        try
        {
            return await ReadAsync(reachable, folder, cancellation);
        }
        catch (NpgsqlException exception) when (exception is not PostgresException || exception.SqlState is "57P03" or "57P01")
        {
            return null;
        }
    }

    /// <summary>Asks a server what a backup needs to know.</summary>
    public static async Task<ServerIdentity> ReadAsync(string connectionString, string? dataFolder, CancellationToken cancellation)
    {
        var single = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 10 };
        await using var connection = new NpgsqlConnection(single.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(Sql, connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        if (!row.GetBoolean(6))
        {
            throw new BackupException(
                $"The account {row.GetString(7)} may not replicate, which a backup needs. As a superuser run: alter role {row.GetString(7)} replication; and allow it 'replication' in pg_hba.conf.");
        }

        if (row.GetString(8) == "minimal" || row.GetInt32(9) < 3)
        {
            throw new BackupException(
                "The server writes no log for backups: set wal_level = 'replica' and max_wal_senders = 10 (alter system set ...), and restart it.");
        }

        return new ServerIdentity(
            single.ConnectionString, dataFolder, row.GetString(0), row.GetInt32(1), row.GetString(3), row.GetInt32(2) / 10000, row.GetInt32(4), row.GetInt32(5));
    }

    /// <summary>The connection in the environment of PostgreSQL's tools, so that no password stands in a command line.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment()
    {
        var builder = new NpgsqlConnectionStringBuilder(ConnectionString);
        yield return KeyValuePair.Create("PGHOST", builder.Host ?? "127.0.0.1");
        yield return KeyValuePair.Create("PGPORT", builder.Port.ToString(CultureInfo.InvariantCulture));
        yield return KeyValuePair.Create("PGUSER", builder.Username ?? "");
        yield return KeyValuePair.Create("PGPASSWORD", builder.Password ?? "");
        yield return KeyValuePair.Create("PGCONNECT_TIMEOUT", "10");
        yield return KeyValuePair.Create("PGSSLMODE", builder.SslMode switch
        {
            SslMode.Disable => "disable",
            SslMode.Allow => "allow",
            SslMode.Require => "require",
            SslMode.VerifyCA => "verify-ca",
            SslMode.VerifyFull => "verify-full",
            _ => "prefer",
        });
        if (builder.RootCertificate is { Length: > 0 } root)
        {
            yield return KeyValuePair.Create("PGSSLROOTCERT", root);
        }
    }
}
