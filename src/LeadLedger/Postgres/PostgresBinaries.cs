using System.Globalization;
using System.Text.RegularExpressions;

namespace LeadLedger.Postgres;

/// <summary>A folder with PostgreSQL's own programs, tried out by the account that will run them.</summary>
internal sealed partial record PostgresBinaries(string Folder, string Version, int Major)
{
    /// <summary>The oldest PostgreSQL the schema and the queries are tested on.</summary>
    public const int MinimumMajor = 15;

    public string InitDb => Program(Folder, "initdb");

    public string PgCtl => Program(Folder, "pg_ctl");

    public static bool AreIn(string folder) =>
        File.Exists(Program(folder, "initdb"))
        && File.Exists(Program(folder, "pg_ctl"))
        && File.Exists(Program(folder, "postgres"));

    /// <summary>Null and a reason when the programs do not run here.</summary>
    public static async Task<(PostgresBinaries? Found, string Reason)> TryAsync(
        string folder, ServerAccount account, CancellationToken ct)
    {
        var answer = await Command.RunAsync(account.Wrap(Program(folder, "postgres"), "--version"), "/", ct);
        var version = VersionPattern().Match(answer.Output);
        if (!answer.Succeeded || !version.Success)
        {
            return (null, "does not run here: " + answer.Output.Split('\n')[0]);
        }

        var major = int.Parse(version.Groups["major"].ValueSpan, CultureInfo.InvariantCulture);
        return (new PostgresBinaries(folder, version.Value, major), "");
    }

    private static string Program(string folder, string name) =>
        Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    [GeneratedRegex(@"(?<major>\d+)(\.\d+)?((beta|rc)\d+)?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex VersionPattern();
}
