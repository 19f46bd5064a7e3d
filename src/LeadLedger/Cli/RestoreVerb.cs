using System.CommandLine;
using System.Globalization;
using LeadLedger.Backup;
using LeadLedger.Hosting;
using NodaTime;
using NodaTime.Text;

namespace LeadLedger.Cli;

/// <summary><c>leadledger restore</c>: a data folder from a backup.</summary>
internal static class RestoreVerb
{
    private const string Description =
        """
        Makes a new data folder from a backup: verifies the copy, replays the log with its incomplete last file, verifies the
        ledger, and closes sending. Whatever may have been sent already is not sent again; staff are told instead. Numbers
        that opted out later than the restored instant are suppressed from the newer lists. The old data folder is not touched.
        """;

    private const string Examples =
        """
        Examples:
          leadledger restore --from /mnt/backup/leadledger --to /var/lib/leadledger
          leadledger restore --from /mnt/backup/leadledger --to /srv/check --until 2026-11-20T14:30:00Z

        Then start the service with LEADLEDGER_DATA set to the folder, look, and open sending: leadledger release --reason "..."

        Exit codes: 0 restored and sound; 1 the backup is damaged (nothing was made), or the restored ledger is not sound; 2 it could not run.
        """;

    public static Command Create()
    {
        var from = new Option<string>("--from") { Description = "Folder of the backups.", Required = true };
        var to = new Option<string>("--to") { Description = "Data folder to make; it must not exist or be empty.", Required = true };
        var until = new Option<string?>("--until") { Description = "Restore the state of this instant, such as 2026-11-20T14:30:00Z; otherwise everything." };
        var copy = new Option<string?>("--base") { Description = "Use this base backup instead of the newest that fits." };
        var list = new Option<string?>("--suppressions") { Description = "A newer list of suppressed numbers, from 'leadledger suppressions export'." };
        var command = new Verb("restore", Description, Examples) { from, to, until, copy, list };
        command.SetAction((parsed, cancellation) => Backups.RunAsync(
            () => RunAsync(
                parsed.GetValue(from)!, parsed.GetValue(to)!, parsed.GetValue(until), parsed.GetValue(copy), parsed.GetValue(list), cancellation),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        string from, string to, string? until, string? copy, string? list, CancellationToken cancellation)
    {
        Instant? instant = null;
        if (until is not null)
        {
            if (OffsetDateTimePattern.ExtendedIso.Parse(until) is not { Success: true, Value: var parsed })
            {
                throw new BackupException($"--until needs an instant such as 2026-11-20T14:30:00Z or 2026-11-20T08:30:00-06:00; it is '{until}'.");
            }

            instant = parsed.ToInstant();
        }

        var report = await new LedgerRestore(Environment.GetEnvironmentVariable, SystemTime.Clock, Console.Error.WriteLine).RunAsync(
            new RestoreOrder
            {
                From = from,
                To = to,
                Until = instant,
                Base = copy,
                Suppressions = list,
                Businesses = ServiceSettings.LoadBusinesses(LedgerAccess.Environment()["LEADLEDGER_CONFIG"]),
            },
            cancellation);
        await PrintAsync(report, Path.GetFullPath(to), instant);
        return report.Verification.IsSound ? ExitCodes.Fine : ExitCodes.ProblemFound;
    }

    private static async Task PrintAsync(RestoreReport report, string to, Instant? until)
    {
        var output = Console.Out;
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Restored {to} from {report.Base} in {report.Took.TotalSeconds:N1} s (RTO), timeline {report.Timeline}: {report.Verification.Events:N0} events, newest commit replayed {report.LastCommit?.ToString() ?? "none after the copy"}."));
        await output.WriteLineAsync(report.Verification.IsSound ? "The ledger is sound." : "The ledger is NOT sound. First problem:");
        foreach (var problem in report.Verification.Problems)
        {
            await output.WriteLineAsync($"  {problem}");
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Sending is CLOSED. {report.Doubtful:N0} texts and alerts may have been sent already: they are not sent again, staff are told."));
        if (report.Suppressions is { } list)
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Opt-outs from newer lists: {list.Added:N0} added, {list.Known:N0} known, {list.UnknownBusiness:N0} of businesses that LEADLEDGER_CONFIG does not name."));
        }

        await output.WriteLineAsync("Missing: whatever was recorded after the newest commit above"
            + (until is null ? "." : ", on purpose.")
            + (report.Suppressions is null ? " Opt-outs since then are only in the provider's own list." : ""));
        await output.WriteLineAsync("Next: set LEADLEDGER_DATA to the folder, start the service, look; then: leadledger release --reason \"...\"");
    }
}
