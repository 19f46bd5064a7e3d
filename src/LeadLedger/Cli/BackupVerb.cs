using System.CommandLine;
using System.Globalization;
using LeadLedger.Backup;
using LeadLedger.Businesses;
using LeadLedger.Hosting;

namespace LeadLedger.Cli;

/// <summary><c>leadledger backup</c>: a verified copy, and the log since.</summary>
internal static class BackupVerb
{
    private const string Description =
        """
        Copies the database while it works, with checksums and the log it needs, verifies the copy, and puts beside it the
        data folder's files (the database's password, trial secrets, keys), the business files and the list of suppressed
        numbers. With --follow it goes on until it is stopped and writes the log to disk as it comes; then a lost machine
        costs seconds. It does not hold: secrets in environment variables, and leads that were spooled while the database
        was away. The folder holds personal data and secrets: keep it as safe as the ledger.
        """;

    private const string Examples =
        """
        Examples:
          leadledger backup --to /mnt/backup/leadledger --keep 7
          leadledger backup --to /mnt/backup/leadledger --follow

        One follower per server; LEADLEDGER_WAL_TO=/mnt/backup/leadledger lets the service do it itself.

        Exit codes: 0 done; 1 the copy is damaged, nothing was kept; 2 it could not be made, nothing was kept.
        """;

    public static Command Create()
    {
        var to = new Option<string>("--to") { Description = "Folder of the backups: empty, new, or one this database's backups are in.", Required = true };
        var follow = new Option<bool>("--follow") { Description = "Follow the log until stopped, instead of making one copy." };
        var keep = new Option<int?>("--keep") { Description = "Keep this many of the newest copies and the log they need; the others are removed." };
        var command = new Verb("backup", Description, Examples) { to, follow, keep };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(to)!, parsed.GetValue(follow), parsed.GetValue(keep), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string to, bool follow, int? keep, CancellationToken cancellation)
    {
        if (keep < 1)
        {
            await Console.Error.WriteLineAsync("--keep needs at least 1.");
            return ExitCodes.CouldNotRun;
        }

        var work = BackupWork.Of(LedgerAccess.Environment(), SystemTime.Clock);
        return follow
            ? await Backups.RunAsync(async () =>
            {
                await work.FollowAsync(to, Console.Error.WriteLine, cancellation);
                return ExitCodes.Fine;
            }, cancellation)
            : await LedgerAccess.RunAsync(access => Backups.RunAsync(() => TakeAsync(work, access, to, keep, cancellation), cancellation), cancellation);
    }

    private static async Task<int> TakeAsync(BackupWork work, LedgerAccess access, string to, int? keep, CancellationToken cancellation)
    {
        var server = work.Configured is { } own
            ? await ServerIdentity.ReadAsync(own, null, cancellation)
            : await ServerIdentity.ReadAsync(Postgres.RunningServer.ForBackups(access.ConnectionString), work.DataFolder, cancellation);
        var (path, record, removed) = await work.TakeAsync(server, access.ConnectionString, to, keep, Console.Error.WriteLine, cancellation);
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Backed up {record.Bytes / 1_000_000.0:N1} MB in {(record.FinishedAt - record.StartedAt).TotalSeconds:N1} s, verified: {path}"));
        if (removed > 0)
        {
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Removed {removed} older."));
        }

        var names = ServiceSettings.LoadBusinesses(work.ConfigPath).SelectMany(SecretUse.Of)
            .Select(use => use.Secret.Env).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToArray();
        await Console.Out.WriteLineAsync("Not in it: spooled leads that have not reached the database, and the environment"
            + (names.Length == 0 ? "." : $" (keep these elsewhere: {string.Join(", ", names)})."));
        return ExitCodes.Fine;
    }
}
