using LeadLedger.EventStore.Faults;
using Microsoft.Win32.SafeHandles;

namespace LeadLedger.Intake.Spool;

/// <summary>The segment that is being written. After any failure it is given up: what lies on the disk is then unknown.</summary>
internal sealed class SpoolFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    private SpoolFile(string path, SafeFileHandle handle)
    {
        Path = path;
        _handle = handle;
    }

    public string Path { get; }

    public long Length { get; private set; }

    public static SpoolFile Create(string folder)
    {
        var path = SpoolSegments.NextFile(folder);
        var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            FolderSync.Flush(folder);
            return new SpoolFile(path, handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Writes records and returns only once they are on the disk.</summary>
    public void Append(IReadOnlyList<ReadOnlyMemory<byte>> records)
    {
        var at = Length;
        RandomAccess.Write(_handle, records, at);
        FailPoint.Hit(FailPoints.SpoolWritten);
        if (!PlantedDefect.Is(Defects.SpoolWithoutFsync))
        {
            RandomAccess.FlushToDisk(_handle);
        }

        FailPoint.Hit(FailPoints.SpoolFlushed);
        Length = at + records.Sum(record => (long)record.Length);
    }

    /// <summary>Takes a failed append back, so that no half of it stays; false when even that fails.</summary>
    public bool TryCutBack()
    {
        try
        {
            RandomAccess.SetLength(_handle, Length);
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Removes a file that nothing was kept in.</summary>
    public bool TryDelete()
    {
        try
        {
            File.Delete(Path);
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose() => _handle.Dispose();
}
