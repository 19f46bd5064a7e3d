using System.Globalization;

namespace LeadLedger.Postgres;

/// <summary>The settings we want from our server: safe against a power cut, small, reachable from this machine only.</summary>
internal static class ServerSettings
{
    public const string FileName = "leadledger.conf";

    /// <summary>How much log a backup that fell behind may keep on the server's disk; after that it has to start over.</summary>
    public const int SlotKeepMegabytes = 4096;

    /// <summary>Appended once to postgresql.conf; what an operator sets with ALTER SYSTEM still wins.</summary>
    public const string Include = $"\ninclude = '{FileName}'\n";

    public static string Text(EmbeddedPostgresOptions options, int port)
    {
        var durable = options.Durable ? "on" : "off";
        return string.Create(CultureInfo.InvariantCulture, $"""
            # Written at every start of LeadLedger; changes here are lost. Use ALTER SYSTEM instead.
            listen_addresses = '127.0.0.1'
            port = {port}
            unix_socket_directories = ''
            password_encryption = 'scram-sha-256'
            cluster_name = 'leadledger'

            # A commit that was answered survives a power cut.
            fsync = {durable}
            full_page_writes = {durable}
            synchronous_commit = on

            # A small machine that it shares with the service.
            max_connections = {options.MaxConnections}
            shared_buffers = '{options.SharedBuffersMegabytes}MB'
            work_mem = '8MB'
            maintenance_work_mem = '64MB'
            effective_cache_size = '1GB'
            max_wal_size = '1GB'
            checkpoint_timeout = '10min'
            wal_compression = on
            # A backup that is no longer followed must never fill this disk.
            max_slot_wal_keep_size = '{SlotKeepMegabytes}MB'
            jit = off

            # Statements and their values hold personal data: the log gets neither, only the server's own messages.
            log_min_messages = 'log'
            log_min_error_statement = 'panic'
            log_error_verbosity = 'terse'
            log_checkpoints = off
            log_line_prefix = '%m [%p] '
            log_timezone = 'UTC'
            timezone = 'UTC'

            """);
    }
}
