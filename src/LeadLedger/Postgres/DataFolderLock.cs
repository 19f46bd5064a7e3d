using System.Globalization;
using System.Text;

namespace LeadLedger.Postgres;

/// <summary>
/// Lets one service at a time use a data folder. The operating system drops the lock when its holder dies,
/// so a leftover file never blocks a start, and whoever holds it may judge a leftover <c>postmaster.pid</c>.
/// </summary>
internal sealed class DataFolderLock : IDisposable
{
    private const string FileName = "leadledger.lock";
    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    public static DataFolderLock Take(string dataFolder)
    {
        var path = Path.Combine(dataFolder, FileName);
        try
        {
            Directory.CreateDirectory(dataFolder);
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
            file.Flush();
            return new DataFolderLock(file);
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new PostgresUnavailableException(
                $"The data folder {dataFolder} cannot be written by the user {Environment.UserName}. "
                + "Give that user the folder, or choose another data folder.", problem);
        }
        catch (IOException problem) when (File.Exists(path))
        {
            throw new PostgresUnavailableException(
                $"Another LeadLedger service{Holder(path)} is already using the data folder {dataFolder}. "
                + "Stop that one first, or give this one a data folder of its own.", problem);
        }
        catch (IOException problem)
        {
            throw new PostgresUnavailableException(
                $"The data folder {dataFolder} cannot be used: {problem.Message}", problem);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The holder's process id is a courtesy: where the file cannot be read the message goes without.</summary>
    private static string Holder(string path)
    {
        try
        {
            using var reader = new StreamReader(
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadLine() is { Length: > 0 } id ? $" (process {id})" : "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
