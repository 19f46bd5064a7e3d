using System.CommandLine;
using System.Globalization;
using LeadLedger.Backup;
using LeadLedger.Hosting;

namespace LeadLedger.Cli;

/// <summary><c>leadledger suppressions</c>: the list of numbers that must not be texted, out and in.</summary>
internal static class SuppressionsVerb
{
    private const string Examples =
        """
        Examples:
          leadledger suppressions export --file suppressed.jsonl
          leadledger suppressions import --file suppressed.jsonl

        Exit codes: 0 done; 1 some lines are of businesses that LEADLEDGER_CONFIG does not name, they were left out; 2 it could not run.
        """;

    public static Command Create()
    {
        var command = new Verb(
            "suppressions",
            "Writes every suppressed number and mailbox to a file of JSON lines, or suppresses what such a file holds. Importing never lifts anything and may be repeated.",
            Examples);
        var exported = File();
        var export = new Verb("export", "Writes the list.", Examples) { exported };
        export.SetAction((parsed, cancellation) => LedgerAccess.RunAsync(
            access => Backups.RunAsync(
                async () =>
                {
                    var count = await SuppressionList.ExportAsync(access.DataSource, parsed.GetValue(exported)!, cancellation);
                    await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Wrote {count:N0} suppressed numbers and mailboxes."));
                    return ExitCodes.Fine;
                },
                cancellation),
            cancellation));
        var imported = File();
        var import = new Verb("import", "Suppresses what the list holds.", Examples) { imported };
        import.SetAction((parsed, cancellation) => LedgerAccess.RunAsync(
            access => Backups.RunAsync(() => ImportAsync(access, parsed.GetValue(imported)!, cancellation), cancellation), cancellation));
        command.Subcommands.Add(export);
        command.Subcommands.Add(import);
        return command;
    }

    private static async Task<int> ImportAsync(LedgerAccess access, string file, CancellationToken cancellation)
    {
        var result = await SuppressionList.ImportAsync(
            access.DataSource, await SuppressionList.ReadAsync(file, cancellation),
            ServiceSettings.LoadBusinesses(LedgerAccess.Environment()["LEADLEDGER_CONFIG"]), SystemTime.Clock, cancellation);
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Added:N0} suppressed now, {result.Known:N0} were already, {result.UnknownBusiness:N0} left out (businesses not configured here)."));
        return result.UnknownBusiness > 0 ? ExitCodes.ProblemFound : ExitCodes.Fine;
    }

    private static Option<string> File() => new("--file") { Description = "The file of JSON lines.", Required = true };
}
