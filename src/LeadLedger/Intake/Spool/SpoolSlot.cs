using System.Globalization;
using System.Security.Cryptography;

namespace LeadLedger.Intake.Spool;

/// <summary>
/// A process's own place below the data folder: <c>spool/1</c>, or the next free number where processes on an external database share a folder.
/// The operating system drops the lock with its holder, so the next process to start takes over what a dead one left.
/// </summary>
public sealed class SpoolSlot : IDisposable
{
    private const int MostSlots = 64;
    private const string LockName = "lock";
    private const string IdName = "id";

    private readonly FileStream _lock;

    private SpoolSlot(string folder, FileStream held)
    {
        Folder = folder;
        _lock = held;
        Ids = [IdOf(folder)];
    }

    public string Folder { get; }

    /// <summary>This spool's identity, which outlives processes; those whose records were taken over come after it.</summary>
    public IReadOnlyList<Guid> Ids { get; private set; }

    /// <summary>Takes the first free place, and every record that a dead process left in another one.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static SpoolSlot Take(string dataFolder)
    {
        var root = Path.Combine(dataFolder, "spool");
        Directory.CreateDirectory(root);
        for (var number = 1; number <= MostSlots; number++)
        {
            var folder = Path.Combine(root, number.ToString(CultureInfo.InvariantCulture));
            Directory.CreateDirectory(folder);
            if (TryLock(folder) is { } held)
            {
                FolderSync.Flush(root);
                var slot = new SpoolSlot(folder, held);
                slot.TakeOver(root);
                return slot;
            }
        }

        throw new IOException($"Every place below {root} is taken. Give each process a data folder of its own.");
    }

    public void Dispose() => _lock.Dispose();

    private void TakeOver(string root)
    {
        foreach (var other in Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal))
        {
            if (other == Folder || !SpoolSegments.FilesIn(other).Any() || TryLock(other) is not { } held)
            {
                continue;
            }

            using (held)
            {
                foreach (var file in SpoolSegments.FilesIn(other))
                {
                    File.Move(file, SpoolSegments.NextFile(Folder), overwrite: false);
                }

                FolderSync.Flush(Folder);
                FolderSync.Flush(other);
                Ids = [.. Ids, IdOf(other)];
            }
        }
    }

    private static FileStream? TryLock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(Path.Combine(folder, LockName)))
        {
            return null;
        }
    }

    private static Guid IdOf(string folder)
    {
        var path = Path.Combine(folder, IdName);
        if (File.Exists(path) && Guid.TryParse(File.ReadAllText(path).Trim(), out var known))
        {
            return known;
        }

        var made = new Guid(RandomNumberGenerator.GetBytes(16));
        File.WriteAllText(path, made.ToString("D", CultureInfo.InvariantCulture) + "\n");
        return made;
    }
}
