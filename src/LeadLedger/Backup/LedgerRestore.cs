using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Schema;
using LeadLedger.EventStore.Verification;
using LeadLedger.Hosting;
using LeadLedger.Leads;
using LeadLedger.Postgres;
using NodaTime;
using Npgsql;

namespace LeadLedger.Backup;

/// <summary>What to restore, and where to.</summary>
public sealed record RestoreOrder
{
    public required string From { get; init; }

    /// <summary>The data folder to make; it must not exist or be empty.</summary>
    public required string To { get; init; }

    /// <summary>Restores the state of this instant; null restores everything that was received.</summary>
    public Instant? Until { get; init; }

    /// <summary>Name of the base backup; null takes the newest that fits.</summary>
    public string? Base { get; init; }

    /// <summary>A list of suppressed numbers that is newer than the backup.</summary>
    public string? Suppressions { get; init; }

    /// <summary>The businesses, whose numbers the lists speak of.</summary>
    public required IReadOnlyList<Business> Businesses { get; init; }
}

/// <summary>How a restore ended.</summary>
/// <param name="Base">The base backup that was used.</param>
/// <param name="LastCommit">When the newest commit that came back was made.</param>
/// <param name="Timeline">The new one.</param>
/// <param name="Verification">What verifying the ledger found.</param>
/// <param name="Doubtful">Work that may have been done already and is not done again.</param>
/// <param name="Suppressions">What the newer lists of suppressed numbers added; null without one.</param>
/// <param name="Took">From the order to a verified ledger.</param>
public sealed record RestoreReport(
    string Base, Instant? LastCommit, int Timeline, VerificationReport Verification, long Doubtful, SuppressionImport? Suppressions, TimeSpan Took);

/// <summary>
/// Makes a data folder from a backup: verifies it, replays the log with its incomplete last file, begins a new timeline, verifies the ledger and
/// closes sending. The folder appears under its name only when all of it has succeeded.
/// </summary>
public sealed class LedgerRestore(Func<string, string?> environment, IClock clock, Action<string> progress)
{
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromHours(12);

    /// <summary>How the private server is started; tests make it quicker.</summary>
    internal Func<EmbeddedPostgresOptions, EmbeddedPostgresOptions> Options { get; init; } = options => options;

    public async Task<RestoreReport> RunAsync(RestoreOrder order, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        var folder = BackupFolder.Open(order.From);
        var target = Path.GetFullPath(order.To);
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
        {
            throw new BackupException($"{target} is not empty. Name a folder that does not exist yet; an old data folder can be moved aside and kept.");
        }

        var (path, record) = Choose(folder, order);
        var tools = await BackupTools.FindAsync(record.PostgresMajor, environment, cancellation);
        progress($"Verifying the base backup {Path.GetFileName(path)} ...");
        await BaseBackup.VerifyAsync(tools, Path.Combine(path, BaseBackup.ClusterFolderName), cancellation);
        VerifyFiles(path, record);
        var work = $"{target}.restoring-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        try
        {
            var settings = LayOut(folder, path, record, order, work);
            var report = await RecoverAsync(folder, path, record, order, work, began, cancellation);
            await File.WriteAllTextAsync(settings.File, settings.Content, CancellationToken.None);
            if (Directory.Exists(target))
            {
                Directory.Delete(target);
            }

            Directory.Move(work, target);
            return report;
        }
        catch
        {
            if (Directory.Exists(work))
            {
                Directory.Delete(work, recursive: true);
            }

            throw;
        }
    }

    private static (string Path, BackupRecord Record) Choose(BackupFolder folder, RestoreOrder order)
    {
        var complete = folder.Complete();
        var until = order.Until?.ToDateTimeOffset();
        var chosen = complete.FirstOrDefault(backup =>
            order.Base is { } name ? Path.GetFileName(backup.Path) == name : until is null || backup.Record.FinishedAt <= until);
        if (chosen.Record is null)
        {
            throw new BackupException(complete.Count == 0
                ? $"{folder.Root} holds no complete base backup."
                : order.Base is not null
                    ? $"There is no base backup {order.Base}; there are: {string.Join(", ", complete.Select(backup => Path.GetFileName(backup.Path)))}."
                    : string.Create(CultureInfo.InvariantCulture, $"No base backup was finished by then; the earliest instant that can be restored is {complete[^1].Record.FinishedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}."));
        }

        return chosen.Record.IsPrivate
            ? chosen
            : throw new BackupException(
                "This is a backup of a PostgreSQL server of your own: restore it with PostgreSQL's tools, as docs/backup.md shows. LeadLedger notices it and keeps sending closed.");
    }

    private static void VerifyFiles(string path, BackupRecord record)
    {
        foreach (var (name, hash) in record.Files)
        {
            var file = Path.Combine(path, BaseBackup.FilesFolderName, name);
            if (!File.Exists(file) || BaseBackup.HashOf(file) != hash)
            {
                throw new BackupException($"The backup {path} is damaged: {name} is not what was copied. Use another one.", isFinding: true);
            }
        }
    }

    /// <returns>The cluster's own settings, as they were before recovery was asked for.</returns>
    private (string File, string Content) LayOut(BackupFolder folder, string path, BackupRecord record, RestoreOrder order, string work)
    {
        Directory.CreateDirectory(work);
        var files = Path.Combine(path, BaseBackup.FilesFolderName);
        CopyTree(Path.Combine(files, BaseBackup.DataFilesFolderName), work);
        if (Directory.Exists(Path.Combine(files, BaseBackup.BusinessFilesFolderName)))
        {
            CopyTree(Path.Combine(files, BaseBackup.BusinessFilesFolderName), Path.Combine(work, "restored-businesses"));
        }

        var cluster = new ClusterFolder(work).Cluster;
        progress(string.Create(CultureInfo.InvariantCulture, $"Copying {record.Bytes / 1_000_000.0:N0} MB ..."));
        CopyTree(Path.Combine(path, BaseBackup.ClusterFolderName), cluster);
        File.Delete(Path.Combine(cluster, "backup_manifest"));
        var (count, gap) = WalSelection.LayOut(folder, record, Path.Combine(cluster, "pg_wal"));
        progress(string.Create(CultureInfo.InvariantCulture, $"Laid out {count:N0} files of log."));
        if (gap is not null)
        {
            progress($"Warning: the log has a gap after {gap}; what was recorded later cannot be brought back from this backup.");
        }

        File.WriteAllText(Path.Combine(cluster, "recovery.signal"), "");
        var settings = Path.Combine(cluster, "postgresql.auto.conf");
        var content = File.Exists(settings) ? File.ReadAllText(settings) : "";
        // Everything is in pg_wal already; the command must exist and find nothing.
        var recovery = $"\nrestore_command = '{(OperatingSystem.IsWindows() ? "exit 1" : "false")}'\nrecovery_target_action = 'promote'\nrecovery_target_timeline = 'latest'\n";
        if (order.Until is { } until)
        {
            recovery += string.Create(CultureInfo.InvariantCulture, $"recovery_target_time = '{until.ToDateTimeUtc():yyyy-MM-dd HH:mm:ss.ffffff}+00'\n");
        }

        File.WriteAllText(settings, content + recovery);
        return (settings, content);
    }

    private async Task<RestoreReport> RecoverAsync(
        BackupFolder folder, string path, BackupRecord record, RestoreOrder order, string work, long began, CancellationToken cancellation)
    {
        progress("Replaying the log ...");
        EmbeddedPostgres server;
        try
        {
            server = await EmbeddedPostgres.StartAsync(Options(new EmbeddedPostgresOptions { DataFolder = work, Progress = progress }), cancellation);
        }
        catch (Exception problem) when (problem is (PostgresUnavailableException or NpgsqlException) && LogEndsTooEarly(work))
        {
            throw EndsTooEarly(order);
        }

        await using (server)
        {
            await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false, Timeout = 30 });
            var lastCommit = await PromotedAsync(database, work, order, cancellation);
            await using (var connection = await database.OpenConnectionAsync(cancellation))
            {
                SafeStart.JudgeSchema(await Migrator.NewerScriptsAsync(connection, LedgerDatabase.SchemaAssemblies, cancellation));
            }

            await Migrator.MigrateAsync(database, LedgerDatabase.SchemaAssemblies, cancellation);
            var doubtful = await CloseSendingAsync(database, path, lastCommit, cancellation);
            var suppressions = await ImportAsync(folder, record, order, database, cancellation);
            progress("Verifying the ledger ...");
            var verification = await new LedgerVerifier(database, LeadStreams.Model).VerifyAsync(VerificationScope.Everything, cancellation: cancellation);
            var timeline = (await ServerIdentity.ReadAsync(RunningServer.ForBackups(server.ConnectionString), work, cancellation)).Timeline;
            return new RestoreReport(
                Path.GetFileName(path), lastCommit, timeline, verification, doubtful, suppressions, Stopwatch.GetElapsedTime(began));
        }
    }

    private async Task<long> CloseSendingAsync(NpgsqlDataSource database, string path, Instant? lastCommit, CancellationToken cancellation)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellation))
        {
            await SendingLock.SeeServerAsync(connection, clock, cancellation);
        }

        return await new SendingLock(database, clock).CloseAfterRestoreAsync(
            $"Restored from the backup {Path.GetFileName(path)}, with commits up to {lastCommit?.ToString() ?? "its end"}.", "system:restore", cancellation);
    }

    private static async Task<Instant?> PromotedAsync(NpgsqlDataSource database, string work, RestoreOrder order, CancellationToken cancellation)
    {
        Instant? last = null;
        try
        {
            await Poll.UntilAsync(
                async () =>
                {
                    await using var command = database.CreateCommand("select pg_is_in_recovery(), pg_last_xact_replay_timestamp()");
                    await using var reader = await command.ExecuteReaderAsync(cancellation);
                    await reader.ReadAsync(cancellation);
                    last = reader.IsDBNull(1) ? last : Instants.FromTimestamp(reader.GetDateTime(1));
                    return !reader.GetBoolean(0);
                },
                RecoveryLimit, cancellation);
            return last;
        }
        catch (NpgsqlException problem)
        {
            throw LogEndsTooEarly(work)
                ? EndsTooEarly(order)
                : new BackupException($"The server stopped while it replayed the log: {problem.Message}\n{ServerLog.EndSince(new ClusterFolder(work).Log, 0)}");
        }
    }

    private static bool LogEndsTooEarly(string work) =>
        ServerLog.EndSince(new ClusterFolder(work).Log, 0).Contains("recovery ended before configured recovery target", StringComparison.Ordinal);

    private static BackupException EndsTooEarly(RestoreOrder order) =>
        new($"The log that was kept ends before {order.Until}. Leave --until out to restore everything there is.");

    // Somebody who opted out after the instant that is restored has opted out all the same.
    private async Task<SuppressionImport?> ImportAsync(
        BackupFolder folder, BackupRecord record, RestoreOrder order, NpgsqlDataSource database, CancellationToken cancellation)
    {
        var lists = folder.Complete().Where(backup => backup.Record.FinishedAt > record.FinishedAt)
            .Select(backup => Path.Combine(backup.Path, BaseBackup.SuppressionsName)).Where(File.Exists)
            .Concat(order.Suppressions is { } given ? [given] : []).ToArray();
        if (lists.Length == 0)
        {
            return null;
        }

        var contacts = new List<SuppressedContact>();
        foreach (var list in lists)
        {
            contacts.AddRange(await SuppressionList.ReadAsync(list, cancellation));
        }

        return await SuppressionList.ImportAsync(
            database, [.. contacts.DistinctBy(contact => (contact.Business, contact.Kind, contact.Value))], order.Businesses, clock, cancellation);
    }

    private static void CopyTree(string from, string to)
    {
        BackupFolder.MakePrivate(to);
        foreach (var folder in Directory.EnumerateDirectories(from))
        {
            CopyTree(folder, Path.Combine(to, Path.GetFileName(folder)));
        }

        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
