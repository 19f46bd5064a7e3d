using System.Globalization;
using Npgsql;

namespace LeadLedger.Postgres;

/// <summary>
/// Refuses a server that may lose what it has confirmed: every answer the service gives a provider rests on a commit
/// surviving a power cut. It reads the settings of the very connection it is given, as role and database may set them.
/// </summary>
public static class SafeServerCheck
{
    /// <summary>Turns the refusal into warnings when set to "true": for trying things out, never for real leads.</summary>
    public const string AllowVariable = "LEADLEDGER_ALLOW_UNSAFE_SERVER";

    /// <summary>True when the environment allows an unsafe server.</summary>
    public static bool IsAllowed(Func<string, string?> environment) =>
        string.Equals(environment(AllowVariable), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns warnings for the log, one sentence each; an empty list is the normal case.</summary>
    /// <exception cref="UnsafeServerException">The server is too old, or unsafe without being allowed to.</exception>
    public static async Task<IReadOnlyList<string>> VerifyAsync(
        NpgsqlConnection connection, bool allowUnsafe, CancellationToken ct)
    {
        var version = connection.PostgreSqlVersion;
        if (version.Major < PostgresBinaries.MinimumMajor)
        {
            throw new UnsafeServerException(string.Create(
                CultureInfo.InvariantCulture,
                $"The PostgreSQL server has version {version}; LeadLedger needs {PostgresBinaries.MinimumMajor} or newer. Upgrade the server or name another one in ConnectionStrings__Ledger."));
        }

        await using var command = new NpgsqlCommand(
            """
            select current_setting('fsync'), current_setting('full_page_writes'),
                   current_setting('synchronous_commit'), current_setting('data_checksums')
            """,
            connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return Judge(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), allowUnsafe);
    }

    /// <summary>The rule itself, on the values PostgreSQL shows for the four settings.</summary>
    internal static IReadOnlyList<string> Judge(
        string fsync, string fullPageWrites, string synchronousCommit, string dataChecksums, bool allowUnsafe)
    {
        List<string> faults = [];
        if (fsync == "off")
        {
            faults.Add("fsync is off: a power cut can destroy the whole database");
        }

        if (fullPageWrites == "off")
        {
            faults.Add("full_page_writes is off: a power cut can leave half-written pages");
        }

        // local, remote_write, on and remote_apply all wait for our own disk; only off does not.
        if (synchronousCommit == "off")
        {
            faults.Add("synchronous_commit is off: a power cut can lose leads that were already confirmed");
        }

        if (dataChecksums == "off")
        {
            faults.Add("data checksums are off: damaged pages would be read as if they were sound (pg_checksums --enable turns them on while the server is stopped)");
        }

        if (faults.Count > 0 && !allowUnsafe)
        {
            throw new UnsafeServerException(
                "LeadLedger does not work on this PostgreSQL server, because it may lose confirmed leads: "
                + string.Join("; ", faults)
                + ". Turn the settings on (alter system set ... = on, then select pg_reload_conf()), or set "
                + AllowVariable + "=true if losing data does not matter here.");
        }

        return [.. faults.Select(fault => $"Unsafe server, allowed by {AllowVariable}: {fault}.")];
    }
}
