using System.Security.Cryptography;

namespace LeadLedger.Postgres;

/// <summary>
/// Makes the cluster in a folder of its own and renames it when it is complete, so a kill at any moment leaves either
/// no cluster or a whole one.
/// </summary>
internal static class ClusterCreation
{
    private const string DraftPrefix = "cluster.draft-";

    public static async Task CreateAsync(
        ClusterFolder folder, PostgresBinaries binaries, ServerAccount account, bool durable, CancellationToken ct)
    {
        RemoveLeftovers(folder);
        var draft = Path.Combine(folder.Root, DraftPrefix + RandomNumberGenerator.GetHexString(8, lowercase: true));
        var passwordFile = draft + ".password";
        ClusterFolder.Replace(
            passwordFile, folder.Password() + "\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        try
        {
            if (account.Name is { } name)
            {
                await Command.RunAsync(["chown", name, passwordFile], folder.Root, ct);
            }

            List<string> arguments =
            [
                "--pgdata=" + draft, "--username=" + ServerAccess.Superuser, "--pwfile=" + passwordFile, "--auth=scram-sha-256",
                "--encoding=UTF8", "--locale=C", "--data-checksums", "--no-instructions",
            ];
            if (!durable)
            {
                arguments.Add("--no-sync");
            }

            var result = await Command.RunAsync(account.Wrap(binaries.InitDb, arguments), folder.Root, ct);
            if (!result.Succeeded)
            {
                throw new PostgresUnavailableException(
                    $"PostgreSQL {binaries.Version} could not make its files in {folder.Root}:\n{result.Output}\n"
                    + "Nothing of an earlier ledger was touched. Make room or correct the permissions, and start again.");
            }

            await File.AppendAllTextAsync(Path.Combine(draft, "postgresql.conf"), ServerSettings.Include, ct);
            Directory.Move(draft, folder.Cluster);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        if (durable && !OperatingSystem.IsWindows())
        {
            // Without this a power cut soon after could lose the rename, and with it every commit made since.
            await Command.RunAsync(OperatingSystem.IsLinux() ? ["sync", folder.Root] : ["sync"], folder.Root, ct);
        }
    }

    /// <summary>What a killed start left behind; one that is still being written is left for the next time.</summary>
    private static void RemoveLeftovers(ClusterFolder folder)
    {
        foreach (var leftover in Directory.EnumerateFileSystemEntries(folder.Root, DraftPrefix + "*").ToList())
        {
            try
            {
                if (Directory.Exists(leftover))
                {
                    Directory.Delete(leftover, recursive: true);
                }
                else
                {
                    File.Delete(leftover);
                }
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
            }
        }
    }
}
