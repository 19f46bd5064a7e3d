namespace LeadLedger.Backup;

/// <summary>
/// Lays the kept log into a restored cluster. The last file is usually incomplete and called <c>.partial</c>: it holds the newest commits, and
/// a restore that left it out would lose them all.
/// </summary>
public static class WalSelection
{
    /// <returns>How many files were laid out, and the first file after which one is missing; null when there is no gap.</returns>
    public static (int Files, string? GapAfter) LayOut(BackupFolder folder, BackupRecord record, string walOfCluster)
    {
        var first = WalName.Of(record.Timeline, record.StartPosition, record.WalSegmentBytes);
        var files = 0;
        foreach (var name in folder.WalFolders().SelectMany(Directory.EnumerateFiles).Select(path => Path.GetFileName(path)).Distinct(StringComparer.Ordinal))
        {
            if (WalName.IsHistory(name) || (WalName.IsSegment(name) && !WalName.IsBefore(name, first)))
            {
                files += Take(folder, name, Path.Combine(walOfCluster, WalName.IsHistory(name) ? name : WalName.Whole(name))) ? 1 : 0;
            }
        }

        return (files, GapIn(walOfCluster, record));
    }

    // A whole file goes before an incomplete one, and of two incomplete ones the one with more in it.
    private static bool Take(BackupFolder folder, string name, string target)
    {
        var candidates = folder.WalFolders().Select(place => Path.Combine(place, name)).Where(File.Exists).ToArray();
        var isPartial = name.EndsWith(WalName.Partial, StringComparison.Ordinal);
        if (isPartial && folder.WalFolders().Any(place => File.Exists(Path.Combine(place, WalName.Whole(name)))))
        {
            return false;
        }

        var best = isPartial ? candidates.MaxBy(ContentLength)! : candidates[0];
        if (isPartial && File.Exists(target) && ContentLength(target) >= ContentLength(best))
        {
            return false;
        }

        File.Copy(best, target, overwrite: true);
        return true;
    }

    private static string? GapIn(string wal, BackupRecord record)
    {
        var perLog = 0x1_0000_0000UL / (ulong)record.WalSegmentBytes;
        string? before = null;
        foreach (var name in Directory.EnumerateFiles(wal).Select(path => Path.GetFileName(path)).Where(WalName.IsSegment).Order(StringComparer.Ordinal))
        {
            if (before is not null && before[..8] == name[..8] && Number(name) > Number(before) + 1)
            {
                return before;
            }

            before = name;
        }

        return null;

        ulong Number(string name) =>
            Convert.ToUInt64(name[8..16], 16) * perLog + Convert.ToUInt64(name[16..24], 16);
    }

    /// <summary>Bytes up to the last one that is not zero: files of the log are made at full size.</summary>
    internal static long ContentLength(string path)
    {
        using var file = File.OpenRead(path);
        var buffer = new byte[1024 * 1024];
        for (var end = file.Length; end > 0; end -= buffer.Length)
        {
            var begin = Math.Max(0, end - buffer.Length);
            var length = (int)(end - begin);
            file.Position = begin;
            file.ReadExactly(buffer, 0, length);
            var last = buffer.AsSpan(0, length).LastIndexOfAnyExcept((byte)0);
            if (last >= 0)
            {
                return begin + last + 1;
            }
        }

        return 0;
    }
}
