using System.Globalization;

namespace LeadLedger.Faults.Processes;

/// <summary>Where PostgreSQL's programs are, and how they are started: as another account when we are root, which they refuse.</summary>
public sealed class PostgresPrograms
{
    private readonly string _bin;
    private readonly (string Name, string User, string Group)? _account;

    private PostgresPrograms(string bin, (string Name, string User, string Group)? account)
    {
        _bin = bin;
        _account = account;
    }

    /// <summary>The account that must own the data folder; null when it is our own.</summary>
    public string? Owner => _account?.Name;

    public static PostgresPrograms Find()
    {
        var bin = Places().FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")))
            ?? throw new InvalidOperationException("No PostgreSQL found. Install it, or name its programs' folder in LEADLEDGER_POSTGRES_BIN.");
        return new PostgresPrograms(bin, Environment.IsPrivilegedProcess ? Account() : null);
    }

    /// <summary>The words of a command that runs one of the programs. The started process becomes the program: its id is the program's.</summary>
    public IReadOnlyList<string> Command(string program, params IReadOnlyList<string> arguments) => _account is { } account
        ? ["setpriv", $"--reuid={account.User}", $"--regid={account.Group}", "--clear-groups", "--", Path.Combine(_bin, program), .. arguments]
        : [Path.Combine(_bin, program), .. arguments];

    private static IEnumerable<string> Places()
    {
        if (Environment.GetEnvironmentVariable("LEADLEDGER_POSTGRES_BIN") is { Length: > 0 } named)
        {
            yield return named;
        }

        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            yield return folder;
        }

        foreach (var folder in Below("/usr/lib/postgresql", "bin"))
        {
            yield return folder;
        }

        var home = Environment.GetEnvironmentVariable("HOME") ?? "";
        foreach (var folder in Below(Path.Combine(home, ".cache", "leadledger", "postgres"), Path.Combine("package", "native", "bin")))
        {
            yield return folder;
        }
    }

    private static IEnumerable<string> Below(string parent, string child) => Directory.Exists(parent)
        ? Directory.EnumerateDirectories(parent).OrderByDescending(Version).Select(folder => Path.Combine(folder, child))
        : [];

    private static double Version(string folder) =>
        double.TryParse(Path.GetFileName(folder).Split('.')[0], CultureInfo.InvariantCulture, out var version) ? version : 0;

    private static (string Name, string User, string Group) Account()
    {
        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToArray();
        return accounts.FirstOrDefault(fields => fields[0] == "postgres") is { } postgres
            ? (postgres[0], postgres[2], postgres[3])
            : accounts.FirstOrDefault(fields => fields[0] == "nobody") is { } nobody
                ? (nobody[0], nobody[2], nobody[3])
                : throw new InvalidOperationException("PostgreSQL refuses to run as root and there is no account 'postgres' or 'nobody'.");
    }
}
