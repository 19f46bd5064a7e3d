using System.CommandLine;
using System.Globalization;
using LeadLedger.Backup;
using LeadLedger.Hosting;

namespace LeadLedger.Cli;

/// <summary><c>leadledger hold</c> and <c>leadledger release</c>: close and open everything that leaves.</summary>
internal static class SendingVerbs
{
    private const string HoldExamples =
        """
        Example:
          leadledger hold --reason "restored the disk from a snapshot of last night" --restored

        Exit codes: 0 closed; 2 it could not run.
        """;

    private const string ReleaseExamples =
        """
        Example:
          leadledger release --reason "verified, opt-outs compared with the provider, Dana"

        Exit codes: 0 open; 1 it was open already; 2 it could not run.
        """;

    public static Command CreateHold()
    {
        var reason = Reason();
        var restored = new Option<bool>("--restored")
        {
            Description = "The database went back to an earlier state: work that was due by now is not done again.",
        };
        var command = new Verb("hold", "Stops everything that leaves, for every business; leads are still taken in. The reason is kept.", HoldExamples) { reason, restored };
        command.SetAction((parsed, cancellation) => LedgerAccess.RunAsync(
            async access =>
            {
                var sending = new SendingLock(access.DataSource, SystemTime.Clock);
                if (parsed.GetValue(restored))
                {
                    var doubtful = await sending.CloseAfterRestoreAsync(parsed.GetValue(reason)!, Actor, cancellation);
                    await Console.Out.WriteLineAsync(string.Create(
                        CultureInfo.InvariantCulture, $"Sending is closed. {doubtful} texts and alerts may have been sent already and are not sent again."));
                }
                else
                {
                    await sending.HoldAsync(parsed.GetValue(reason)!, Actor, cancellation);
                    await Console.Out.WriteLineAsync("Sending is closed.");
                }

                return ExitCodes.Fine;
            },
            cancellation));
        return command;
    }

    public static Command CreateRelease()
    {
        var reason = Reason();
        var command = new Verb("release", "Opens sending again after a restore, a failover or a hold. The reason is kept.", ReleaseExamples) { reason };
        command.SetAction((parsed, cancellation) => LedgerAccess.RunAsync(
            async access =>
            {
                var doubtful = await new SendingLock(access.DataSource, SystemTime.Clock).ReleaseAsync(parsed.GetValue(reason)!, Actor, cancellation);
                await Console.Out.WriteLineAsync(doubtful is null
                    ? "Sending was open already."
                    : string.Create(CultureInfo.InvariantCulture, $"Sending is open. {doubtful} waiting texts may have been sent already and are not sent again."));
                return doubtful is null ? ExitCodes.ProblemFound : ExitCodes.Fine;
            },
            cancellation));
        return command;
    }

    private static string Actor => $"operator:{Environment.UserName}";

    private static Option<string> Reason()
    {
        var reason = new Option<string>("--reason") { Description = "Why, for whoever reads it later.", Required = true };
        reason.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>()))
            {
                result.AddError("--reason must say why.");
            }
        });
        return reason;
    }
}
