using System.Globalization;

namespace LeadLedger.Postgres;

/// <summary>
/// Lets one service at a time use a data folder. The operating system drops the lock when its holder dies,
/// so a leftover file never blocks a start, and whoever holds it may judge a leftover <c>postmaster.pid</c>.
/// </summary>
internal sealed class DataFolderLock : IDisposable
{
    private const string FileName = "leadledger.lock";

    // Beside it, because a locked file cannot be read.
    private const string HolderName = "leadledger.pid";
    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    public static DataFolderLock Take(string dataFolder)
    {
        FileStream? file = null;
        var path = Path.Combine(dataFolder, FileName);
        try
        {
            Directory.CreateDirectory(dataFolder);
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(
                Path.Combine(dataFolder, HolderName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
            return new DataFolderLock(file);
        }
        catch (IOException problem) when (file is null && File.Exists(path))
        {
            throw new PostgresUnavailableException(
                $"Another LeadLedger service{Holder(dataFolder)} is already using the data folder {dataFolder}. "
                + "Stop that one first, or give this one a data folder of its own.", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw Unusable(dataFolder, problem);
        }
    }

    /// <summary>Whether a service holds the folder now.</summary>
    public static bool IsHeld(string dataFolder)
    {
        try
        {
            using var file = new FileStream(
                Path.Combine(dataFolder, FileName), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>What a person can do when the folder itself is the trouble.</summary>
    public static PostgresUnavailableException Unusable(string dataFolder, Exception problem) => new(
        $"The data folder {dataFolder} cannot be used by the user {Environment.UserName}: {problem.Message} "
        + "Give that user the folder with all its files, make room on the disk, or choose another data folder.", problem);

    public void Dispose() => _file.Dispose();

    /// <summary>A courtesy: where the process id cannot be read the message goes without.</summary>
    private static string Holder(string dataFolder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(dataFolder, HolderName)).Trim() is { Length: > 0 } id
                ? $" (process {id})"
                : "";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
