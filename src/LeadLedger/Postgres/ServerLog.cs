namespace LeadLedger.Postgres;

/// <summary>The server's log file: kept small, and quoted when a start fails.</summary>
internal static class ServerLog
{
    private const long Largest = 4 * 1024 * 1024;
    private const int LinesToQuote = 12;

    /// <summary>Puts a large log aside, one generation deep; returns where the coming start will begin to write.</summary>
    public static long Begin(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            return 0;
        }

        if (file.Length <= Largest)
        {
            return file.Length;
        }

        File.Move(path, path + ".old", overwrite: true);
        return 0;
    }

    public static string EndSince(string path, long start)
    {
        if (!File.Exists(path))
        {
            return "(empty)";
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Min(start, file.Length);
        using var reader = new StreamReader(file);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 ? "(empty)" : string.Join('\n', lines.TakeLast(LinesToQuote));
    }
}
