using System.Globalization;

namespace LeadLedger.Postgres;

/// <summary>The places PostgreSQL's programs are looked for, in this order; a value, so that tests can name others.</summary>
internal sealed record BinaryPlaces
{
    public const string FolderVariable = "LEADLEDGER_POSTGRES_BIN";
    public const string FetchVariable = "LEADLEDGER_POSTGRES_FETCH";

    /// <summary>Named by the operator: used, or refused with a reason, but never passed over in silence.</summary>
    public string? Configured { get; init; }

    public IReadOnlyList<string> SearchPath { get; init; } = [];

    public IReadOnlyList<string> Installed { get; init; } = [];

    /// <summary>Holds one folder for each fetched version.</summary>
    public required string Cache { get; init; }

    /// <summary>The npm client that may fetch binaries once; null when there is none or fetching is switched off.</summary>
    public string? Npm { get; init; }

    public static BinaryPlaces OfThisMachine(
        string? configured, ServerAccount account, string dataRoot, Func<string, string?> environment)
    {
        var path = (environment("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        var mayFetch = !string.Equals(environment(FetchVariable), "false", StringComparison.OrdinalIgnoreCase);
        return new BinaryPlaces
        {
            Configured = configured ?? (environment(FolderVariable) is { Length: > 0 } folder ? folder : null),
            SearchPath = path,
            Installed = [.. UsualFolders(environment)],
            // Another account cannot reach into root's home, but it can reach the data folder.
            Cache = account.Name is null ? CacheFolder(environment) ?? InData(dataRoot) : InData(dataRoot),
            Npm = mayFetch ? path.Select(folder => Path.Combine(folder, npm)).FirstOrDefault(File.Exists) : null,
        };
    }

    private static string InData(string dataRoot) => Path.Combine(dataRoot, "binaries");

    private static string? CacheFolder(Func<string, string?> environment)
    {
        var home = environment("HOME");
        if (OperatingSystem.IsWindows())
        {
            return environment("LOCALAPPDATA") is { Length: > 0 } local
                ? Path.Combine(local, "leadledger", "cache", "postgres")
                : null;
        }

        if (OperatingSystem.IsMacOS())
        {
            return home is { Length: > 0 } ? Path.Combine(home, "Library", "Caches", "leadledger", "postgres") : null;
        }

        return environment("XDG_CACHE_HOME") is { Length: > 0 } cache ? Path.Combine(cache, "leadledger", "postgres")
            : home is { Length: > 0 } ? Path.Combine(home, ".cache", "leadledger", "postgres")
            : null;
    }

    private static IEnumerable<string> UsualFolders(Func<string, string?> environment)
    {
        if (OperatingSystem.IsWindows())
        {
            return NewestFirst(Path.Combine(environment("ProgramFiles") ?? @"C:\Program Files", "PostgreSQL"), "*", "bin");
        }

        if (OperatingSystem.IsMacOS())
        {
            return
            [
                .. NewestFirst("/opt/homebrew/opt", "postgresql@*", "bin"),
                .. NewestFirst("/usr/local/opt", "postgresql@*", "bin"),
                .. NewestFirst("/Applications/Postgres.app/Contents/Versions", "*", "bin"),
                .. NewestFirst("/Library/PostgreSQL", "*", "bin"),
            ];
        }

        return
        [
            .. NewestFirst("/usr/lib/postgresql", "*", "bin"),
            .. NewestFirst("/usr", "pgsql-*", "bin"),
            .. NewestFirst("/usr/lib", "postgresql*", "bin"),
            .. NewestFirst("/usr/libexec", "postgresql*", ""),
            .. NewestFirst("/home/linuxbrew/.linuxbrew/opt", "postgresql@*", "bin"),
        ];
    }

    public static IEnumerable<string> NewestFirst(string parent, string pattern, string below) =>
        Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, pattern)
                .OrderByDescending(VersionOf)
                .Select(folder => Path.Combine(folder, below))
            : [];

    private static double VersionOf(string folder)
    {
        var digits = new string([.. Path.GetFileName(folder).Where(c => char.IsAsciiDigit(c) || c == '.')]);
        return double.TryParse(digits, CultureInfo.InvariantCulture, out var version) ? version : 0;
    }
}
