using System.Globalization;

namespace LeadLedger.Intake.Spool;

/// <summary>The names of segment files: their numbers are the order of arrival.</summary>
internal static class SpoolSegments
{
    private const string Extension = ".spool";

    public static IEnumerable<string> FilesIn(string folder) =>
        Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal);

    public static string NextFile(string folder)
    {
        var last = FilesIn(folder).Select(file => NumberOf(file)).DefaultIfEmpty(0).Max();
        return Path.Combine(folder, (last + 1).ToString("D12", CultureInfo.InvariantCulture) + Extension);
    }

    private static long NumberOf(string file) =>
        long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
