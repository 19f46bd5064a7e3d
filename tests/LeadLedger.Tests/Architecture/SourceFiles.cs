using LeadLedger.Tests.Messaging;

namespace LeadLedger.Tests.Architecture;

/// <summary>The C# files below <c>src</c>, for rules that no compiler checks.</summary>
internal static class SourceFiles
{
    public static string Root { get; } = RepositoryFiles.PathOf("src");

    /// <summary>Path relative to <c>src</c>, with forward slashes, and content.</summary>
    public static IReadOnlyList<(string Path, string Text)> All { get; } =
    [
        .. Directory.GetFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: Path.GetRelativePath(Root, path).Replace('\\', '/'), Full: path))
            .Where(file => !file.Path.Contains("/obj/", StringComparison.Ordinal) && !file.Path.Contains("/bin/", StringComparison.Ordinal))
            .OrderBy(file => file.Path, StringComparer.Ordinal)
            .Select(file => (file.Path, File.ReadAllText(file.Full))),
    ];

    /// <summary>The lines of code, without comments and with their numbers.</summary>
    public static IEnumerable<(int Number, string Code)> CodeOf(string text) =>
        text.Split('\n').Select((line, index) => (index + 1, Code: WithoutComment(line))).Where(line => line.Code.Length > 0);

    private static string WithoutComment(string line)
    {
        var trimmed = line.Trim();
        var start = trimmed.StartsWith("//", StringComparison.Ordinal) ? 0 : trimmed.IndexOf(" // ", StringComparison.Ordinal);
        return start < 0 ? trimmed : trimmed[..start];
    }
}
