using System.Globalization;

namespace LeadLedger.Postgres;

/// <summary>
/// What a server says about itself in <c>postmaster.pid</c>: line 1 its process, line 3 its start in
/// seconds since 1970, line 4 its port, line 8 its state (PostgreSQL 15 to 18, "Database File Layout" in its manual).
/// </summary>
internal sealed record PostmasterFile(string Content, int ProcessId, long StartedAt, int Port, string Status)
{
    public bool IsReady => Status == "ready";

    /// <summary>Null when there is no file, or one that is just being written.</summary>
    public static PostmasterFile? Read(string path)
    {
        string content;
        try
        {
            content = File.ReadAllText(path);
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        var lines = content.Split('\n');
        if (!int.TryParse(lines[0], CultureInfo.InvariantCulture, out var process) || process <= 0)
        {
            return null;
        }

        _ = long.TryParse(Line(2), CultureInfo.InvariantCulture, out var started);
        _ = int.TryParse(Line(3), CultureInfo.InvariantCulture, out var port);
        return new PostmasterFile(content, process, started, port, Line(7));

        string Line(int index) => index < lines.Length ? lines[index].Trim() : "";
    }
}
