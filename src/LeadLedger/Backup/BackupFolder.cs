using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace LeadLedger.Backup;

/// <summary>
/// A folder of backups of one database: <c>base/&lt;time&gt;</c> holds one base backup each, <c>wal</c> the log since, <c>wal.before-*</c> log that
/// has no connection to it any more. A base backup appears by one rename.
/// </summary>
public sealed class BackupFolder
{
    public const string MarkName = "leadledger-backup.json";
    private const string DraftPrefix = ".incomplete-";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private BackupFolder(string root) => Root = root;

    public string Root { get; }

    public string Wal => Path.Combine(Root, "wal");

    private string Bases => Path.Combine(Root, "base");

    private string MarkFile => Path.Combine(Root, MarkName);

    /// <summary>An existing folder of backups.</summary>
    public static BackupFolder Open(string path)
    {
        var folder = new BackupFolder(Path.GetFullPath(path));
        return File.Exists(folder.MarkFile)
            ? folder
            : throw new BackupException($"{folder.Root} is no folder of LeadLedger backups ({MarkName} is missing); name the folder that 'leadledger backup --to' wrote to.");
    }

    /// <summary>A folder for the backups of this database: its own, or an empty one. Anything else is left alone.</summary>
    public static BackupFolder Claim(string path, ServerIdentity server)
    {
        var folder = new BackupFolder(Path.GetFullPath(path));
        if (File.Exists(folder.MarkFile))
        {
            var mark = folder.Mark();
            return mark.SystemIdentifier == server.SystemIdentifier
                ? folder
                : throw new BackupException(
                    $"{folder.Root} holds backups of another database (system identifier {mark.SystemIdentifier}, this one is {server.SystemIdentifier}); give this one a folder of its own.");
        }

        if (Directory.Exists(folder.Root) && Directory.EnumerateFileSystemEntries(folder.Root).Any())
        {
            throw new BackupException($"{folder.Root} is not empty and holds no LeadLedger backups; name an empty folder or one that does not exist yet.");
        }

        try
        {
            MakePrivate(folder.Root);
            folder.Write(new BackupMark(server.SystemIdentifier, null, "Backups made by 'leadledger backup'. They hold personal data and secrets."));
            return folder;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"{folder.Root} cannot be written: {problem.Message}");
        }
    }

    public BackupMark Mark() => JsonSerializer.Deserialize(File.ReadAllBytes(MarkFile), BackupJson.Default.BackupMark)!;

    public void Write(BackupMark mark)
    {
        var draft = MarkFile + ".new";
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(mark, BackupJson.Default.BackupMark));
        File.Move(draft, MarkFile, overwrite: true);
    }

    /// <summary>Lets one process at a time do one thing here; the operating system drops the lock when it dies.</summary>
    public IDisposable Lock(string what)
    {
        try
        {
            return new FileStream(Path.Combine(Root, what + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new BackupException($"Another process is doing '{what}' in {Root} already; let it finish or stop it first.");
        }
    }

    /// <summary>Complete base backups, the newest first.</summary>
    public IReadOnlyList<(string Path, BackupRecord Record)> Complete() =>
        !Directory.Exists(Bases)
            ? []
            : [.. Directory.EnumerateDirectories(Bases)
                .Where(folder => !Path.GetFileName(folder).StartsWith('.') && File.Exists(Path.Combine(folder, BackupRecord.FileName)))
                .Select(folder => (folder, BackupRecord.Read(folder)))
                .OrderByDescending(backup => backup.Item2.FinishedAt)];

    /// <summary>A folder to write a base backup into; what a killed one left is cleared away first. Call it under the lock.</summary>
    public string NewDraft()
    {
        MakePrivate(Bases);
        foreach (var leftover in Directory.EnumerateDirectories(Bases, DraftPrefix + "*").ToList())
        {
            Directory.Delete(leftover, recursive: true);
        }

        var draft = Path.Combine(Bases, DraftPrefix + RandomNumberGenerator.GetHexString(8, lowercase: true));
        MakePrivate(draft);
        return draft;
    }

    /// <summary>Makes a verified draft a backup.</summary>
    public string Publish(string draft, BackupRecord record)
    {
        record.Write(draft);
        var name = record.StartedAt.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
        var target = Path.Combine(Bases, name);
        for (var more = 2; Directory.Exists(target); more++)
        {
            target = Path.Combine(Bases, string.Create(CultureInfo.InvariantCulture, $"{name}-{more}"));
        }

        Directory.Move(draft, target);
        return target;
    }

    /// <summary>Log that has lost its connection to what comes now is kept aside, for restores to earlier instants.</summary>
    public void SetWalAside()
    {
        if (Directory.Exists(Wal) && Directory.EnumerateFileSystemEntries(Wal).Any())
        {
            for (var number = 1; ; number++)
            {
                var target = Path.Combine(Root, string.Create(CultureInfo.InvariantCulture, $"wal.before-{number:D4}"));
                if (!Directory.Exists(target))
                {
                    Directory.Move(Wal, target);
                    return;
                }
            }
        }
    }

    /// <summary>Every folder with log, the current one first.</summary>
    public IEnumerable<string> WalFolders() =>
        new[] { Wal }.Concat(Directory.EnumerateDirectories(Root, "wal.before-*").OrderDescending(StringComparer.Ordinal)).Where(Directory.Exists);

    /// <summary>Removes all but the newest base backups, and the log that only they needed.</summary>
    /// <returns>How many backups were removed.</returns>
    public int Keep(int newest)
    {
        var complete = Complete();
        foreach (var (path, _) in complete.Skip(newest))
        {
            Directory.Delete(path, recursive: true);
        }

        if (complete.Take(newest).LastOrDefault() is { Record: { } oldest })
        {
            var needed = WalName.Of(oldest.Timeline, oldest.StartPosition, oldest.WalSegmentBytes);
            foreach (var file in WalFolders().SelectMany(Directory.EnumerateFiles).ToList())
            {
                if (WalName.IsBefore(Path.GetFileName(file), needed))
                {
                    File.Delete(file);
                }
            }

            foreach (var aside in WalFolders().Where(folder => folder != Wal && !Directory.EnumerateFileSystemEntries(folder).Any()).ToList())
            {
                Directory.Delete(aside);
            }
        }

        return Math.Max(0, complete.Count - newest);
    }

    internal static void MakePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
    }
}
