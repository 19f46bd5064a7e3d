using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using NodaTime;
using Npgsql;

namespace LeadLedger.Backup;

/// <summary>
/// Takes one base backup: PostgreSQL's own copy with checksums and the log it needs, verified, and beside it the files of the data folder, the
/// business files and the list of numbers that must not be texted.
/// </summary>
public sealed class BaseBackup(BackupTools tools, IClock clock, Action<string> progress)
{
    public const string ClusterFolderName = "cluster";
    public const string FilesFolderName = "files";
    public const string DataFilesFolderName = "data";
    public const string BusinessFilesFolderName = "businesses";
    public const string SuppressionsName = "suppressions.jsonl";

    // The cluster itself is what pg_basebackup copies; the spool holds what is still on its way into it; the rest belongs to running processes.
    private static readonly string[] NotCopied = ["postgres", "spool", "leadledger.lock", "leadledger.pid"];
    private static readonly string[] CopiedOfPostgres = ["password"];

    /// <param name="server">What is copied.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="ledger">The service's own connection, for the list of suppressed numbers.</param>
    /// <param name="dataFolder">The service's data folder.</param>
    /// <param name="configPath">The business file or folder; null for the shipped example.</param>
    /// <param name="cancellation">Ends it; nothing that looks complete is left.</param>
    public async Task<(string Path, BackupRecord Record)> TakeAsync(
        ServerIdentity server, BackupFolder folder, string ledger, string dataFolder, string? configPath, CancellationToken cancellation)
    {
        using var held = folder.Lock("backup");
        var draft = folder.NewDraft();
        try
        {
            var started = clock.GetCurrentInstant();
            var cluster = Path.Combine(draft, ClusterFolderName);
            await CopyAsync(server, cluster, cancellation);
            progress("Verifying the copy ...");
            await VerifyAsync(tools, cluster, cancellation);
            await using (var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ledger) { Pooling = false }))
            {
                await SuppressionList.ExportAsync(database, Path.Combine(draft, SuppressionsName), cancellation);
            }

            var files = CopyFiles(draft, dataFolder, server.DataFolder is not null, configPath);
            var (timeline, start, end) = RangeOf(cluster);
            var record = new BackupRecord
            {
                Server = server.DataFolder is null ? "external" : "private",
                SystemIdentifier = server.SystemIdentifier,
                Timeline = timeline,
                PostgresVersion = server.Version,
                PostgresMajor = server.Major,
                WalSegmentBytes = server.WalSegmentBytes,
                StartPosition = start,
                EndPosition = end,
                StartedAt = started.ToDateTimeOffset(),
                FinishedAt = clock.GetCurrentInstant().ToDateTimeOffset(),
                Bytes = new DirectoryInfo(draft).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length),
                Files = files,
            };
            return (folder.Publish(draft, record), record);
        }
        catch
        {
            if (Directory.Exists(draft))
            {
                Directory.Delete(draft, recursive: true);
            }

            throw;
        }
    }

    /// <summary>Compares every file with the checksums taken when it was copied.</summary>
    /// <exception cref="BackupException">A file is damaged or missing; it is named.</exception>
    public static async Task VerifyAsync(BackupTools tools, string cluster, CancellationToken cancellation)
    {
        var (code, said) = await tools.RunAsync("pg_verifybackup", ["--quiet", cluster], null, null, cancellation);
        if (code != 0)
        {
            throw new BackupException($"The backup {Path.GetDirectoryName(cluster)} is damaged and cannot be trusted; use another one.\n{said}", isFinding: true);
        }
    }

    private async Task CopyAsync(ServerIdentity server, string cluster, CancellationToken cancellation)
    {
        var tenth = -1;
        var (code, said) = await tools.RunAsync(
            "pg_basebackup",
            ["--pgdata=" + cluster, "--format=plain", "--wal-method=stream", "--checkpoint=fast", "--manifest-checksums=SHA256", "--no-password", "--progress"],
            server, Show, cancellation);
        if (code != 0)
        {
            throw new BackupException($"PostgreSQL could not copy itself; nothing was kept. It said:\n{said}\nThe account needs the right to replicate and a 'replication' line in pg_hba.conf, the folder enough free space.");
        }

        void Show(string line)
        {
            var percent = line.IndexOf("%)", StringComparison.Ordinal);
            if (percent > 0 && int.TryParse(line[(line.LastIndexOf('(', percent) + 1)..percent], NumberStyles.Integer, CultureInfo.InvariantCulture, out var done)
                && done / 10 > tenth)
            {
                tenth = done / 10;
                progress("Copying: " + line.Split(',')[0]);
            }
        }
    }

    private static Dictionary<string, string> CopyFiles(string draft, string dataFolder, bool isPrivate, string? configPath)
    {
        var target = Path.Combine(draft, FilesFolderName);
        BackupFolder.MakePrivate(target);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (Directory.Exists(dataFolder))
        {
            foreach (var entry in Directory.EnumerateFileSystemEntries(dataFolder).Where(entry => !NotCopied.Contains(Path.GetFileName(entry))))
            {
                Add(entry, Path.Combine(DataFilesFolderName, Path.GetFileName(entry)));
            }
        }

        foreach (var name in isPrivate ? CopiedOfPostgres : [])
        {
            Add(Path.Combine(dataFolder, "postgres", name), Path.Combine(DataFilesFolderName, "postgres", name));
        }

        if (configPath is not null)
        {
            Add(configPath, Directory.Exists(configPath) ? BusinessFilesFolderName : Path.Combine(BusinessFilesFolderName, Path.GetFileName(configPath)));
        }

        return new Dictionary<string, string>(files, StringComparer.Ordinal);

        void Add(string from, string to)
        {
            if (Directory.Exists(from))
            {
                foreach (var entry in Directory.EnumerateFileSystemEntries(from))
                {
                    Add(entry, Path.Combine(to, Path.GetFileName(entry)));
                }
            }
            else if (File.Exists(from))
            {
                var path = Path.Combine(target, to);
                BackupFolder.MakePrivate(Path.GetDirectoryName(path)!);
                File.Copy(from, path);
                files[to.Replace('\\', '/')] = HashOf(path);
            }
        }
    }

    internal static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static (int Timeline, string Start, string End) RangeOf(string cluster)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(cluster, "backup_manifest")));
        var ranges = manifest.RootElement.GetProperty("WAL-Ranges");
        var last = ranges[ranges.GetArrayLength() - 1];
        return (last.GetProperty("Timeline").GetInt32(), last.GetProperty("Start-LSN").GetString()!, last.GetProperty("End-LSN").GetString()!);
    }
}
