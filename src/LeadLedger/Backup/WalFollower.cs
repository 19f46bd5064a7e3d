using LeadLedger.Postgres;
using Npgsql;

namespace LeadLedger.Backup;

/// <summary>
/// Keeps the log of a server in a folder of backups, written to disk as it comes, so that a lost machine costs seconds and not the day since the
/// last base backup. It survives restarts of either side, and starts over with a base backup where the log has lost its connection.
/// </summary>
public sealed class WalFollower(
    Func<CancellationToken, Task<ServerIdentity?>> find, Func<ServerIdentity, BackupFolder, CancellationToken, Task> takeBase,
    string path, Func<string, string?> environment, Action<string> progress)
{
    /// <summary>The server keeps log for this name until it was received.</summary>
    public const string Slot = "leadledger_backup";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Follows until it is cancelled.</summary>
    /// <exception cref="BackupException">It cannot work at all: tools or rights are missing, or the folder is another database's.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Pause);
        IDisposable? held = null;
        var saidAway = false;
        try
        {
            do
            {
                if (await find(cancellation) is not { } server)
                {
                    if (!saidAway)
                    {
                        progress("The server cannot be reached; waiting for it.");
                        saidAway = true;
                    }

                    continue;
                }

                saidAway = false;
                var folder = BackupFolder.Claim(path, server);
                held ??= folder.Lock("follow");
                var tools = await BackupTools.FindAsync(server.Major, environment, cancellation);
                try
                {
                    await PrepareAsync(server, folder, cancellation);
                    await FollowAsync(server, folder, tools, cancellation);
                }
                catch (NpgsqlException problem)
                {
                    progress($"The server stopped answering: {problem.Message}");
                }
            }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        finally
        {
            held?.Dispose();
        }
    }

    private async Task FollowAsync(ServerIdentity server, BackupFolder folder, BackupTools tools, CancellationToken cancellation)
    {
        progress($"Following the log of PostgreSQL {server.Version} (timeline {server.Timeline}) into {folder.Wal}");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var first = TakeFirstBaseAsync(server, folder, ended.Token);
        var (code, said) = (0, "");
        try
        {
            (code, said) = await tools.RunAsync(
                "pg_receivewal",
                ["--directory=" + folder.Wal, "--slot=" + Slot, "--synchronous", "--no-loop", "--no-password", "--status-interval=1"],
                server, null, cancellation);
        }
        finally
        {
            await ended.CancelAsync();
            await first;
        }

        progress($"The log stopped coming{(code == 0 ? "" : ": " + said.Split('\n')[^1])}");
        if (said.Contains("has already been removed", StringComparison.Ordinal))
        {
            await StartOverAsync(server, folder, "the server no longer has the log that comes next", cancellation);
        }
    }

    // A log is worth nothing without a base backup from which it can be replayed.
    private async Task TakeFirstBaseAsync(ServerIdentity server, BackupFolder folder, CancellationToken cancellation)
    {
        try
        {
            if (await Poll.UntilAsync(() => Directory.EnumerateFiles(folder.Wal).Any(), TimeSpan.FromMinutes(1), cancellation) && !HasBase(folder, server))
            {
                progress("There is no base backup that this log continues; taking one.");
                await takeBase(server, folder, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The log stopped coming; it is tried again with the next connection.
        }
        catch (Exception problem) when (problem is BackupException or NpgsqlException or IOException)
        {
            progress($"The base backup failed: {problem.Message}");
        }
    }

    private static bool HasBase(BackupFolder folder, ServerIdentity server)
    {
        var begins = Directory.EnumerateFiles(folder.Wal).Select(Path.GetFileName).Where(name => WalName.IsSegment(name!))
            .Select(name => WalName.Whole(name!)).Min(StringComparer.Ordinal);
        return begins is not null && folder.Complete().Any(backup => backup.Record.Timeline == server.Timeline
            && string.CompareOrdinal(WalName.Of(backup.Record.Timeline, backup.Record.EndPosition, backup.Record.WalSegmentBytes)[8..], begins[8..]) >= 0);
    }

    private async Task PrepareAsync(ServerIdentity server, BackupFolder folder, CancellationToken cancellation)
    {
        var mark = folder.Mark();
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(cancellation);
        if (mark.Timeline is { } followed && followed != server.Timeline)
        {
            await StartOverAsync(server, folder, $"the database was restored or failed over (timeline {server.Timeline}, before {followed})", cancellation);
        }
        else if (await IsTrueAsync("select exists (select from pg_replication_slots where slot_name = $1 and wal_status = 'lost')"))
        {
            await StartOverAsync(server, folder, "following paused for too long, and the server has let its log go", cancellation);
        }

        folder.Write(folder.Mark() with { Timeline = server.Timeline });
        BackupFolder.MakePrivate(folder.Wal);
        await using var make = new NpgsqlCommand(
            "select pg_create_physical_replication_slot($1, true) where not exists (select from pg_replication_slots where slot_name = $1)", connection);
        make.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Slot });
        await make.ExecuteNonQueryAsync(cancellation);

        // We hold the folder's lock, so whoever still receives for this name is a leftover of a killed follower.
        await using var end = new NpgsqlCommand(
            "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = $1 and active_pid is not null", connection);
        end.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Slot });
        await end.ExecuteNonQueryAsync(cancellation);
        if (server.SlotKeepMegabytes < 0)
        {
            progress("Warning: the server keeps log for a stopped follower without limit and may fill its disk. As a superuser run: "
                + "alter system set max_slot_wal_keep_size = '4GB'; select pg_reload_conf();");
        }

        async Task<bool> IsTrueAsync(string query)
        {
            await using var command = new NpgsqlCommand(query, connection);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Slot });
            return await command.ExecuteScalarAsync(cancellation) is true;
        }
    }

    private async Task StartOverAsync(ServerIdentity server, BackupFolder folder, string reason, CancellationToken cancellation)
    {
        progress($"Starting over, because {reason}. What was kept so far stays usable for restores to earlier instants.");
        folder.SetWalAside();
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var drop = new NpgsqlCommand(
            "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1 and not active", connection);
        drop.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Slot });
        await drop.ExecuteNonQueryAsync(cancellation);
    }
}
