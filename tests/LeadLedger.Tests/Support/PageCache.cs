using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LeadLedger.Tests.Support;

/// <summary>
/// Asks the kernel how much of a file is only in memory, so that a missing flush is seen without cutting the power. What a disk keeps in a
/// memory of its own is out of its sight. Linux from 6.5 on, on file systems with a disk behind them.
/// </summary>
internal static class PageCache
{
    private const long CacheStat = 451;

    /// <summary>Whether the answer can be relied on here: bytes that were not flushed are counted, and flushed ones are not.</summary>
    public static bool Tells(string folder)
    {
        var path = Path.Combine(folder, "page-cache-probe");
        try
        {
            using var probe = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read);
            RandomAccess.Write(probe, new byte[20_000], 0);
            if (Unwritten(path) is not > 0)
            {
                return false;
            }

            RandomAccess.FlushToDisk(probe);
            return Unwritten(path) == 0;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Pages of a file that are not on the disk yet; null where the kernel does not say.</summary>
    public static long? Unwritten(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

        // From byte 0 to the end. Answered are the pages in memory, to be written, being written, evicted, and evicted lately.
        var counts = new long[5];
        return Ask(CacheStat, file, new long[2], counts, 0) == 0 ? counts[1] + counts[2] : null;
    }

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern long Ask(long number, SafeFileHandle file, long[] range, [Out] long[] counts, uint flags);
}
