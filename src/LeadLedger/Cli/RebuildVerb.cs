using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LeadLedger.EventStore.Verification;
using LeadLedger.Leads;

namespace LeadLedger.Cli;

/// <summary><c>leadledger rebuild</c>: makes everything derived from the events again.</summary>
internal static class RebuildVerb
{
    private const string Description =
        """
        Makes the lead views, call records, contact points and the audit trail again from the events, in one transaction,
        and writes only what is different. Events are never touched. While it runs, webhooks are answered 503, so that
        their senders try again; reading goes on.
        """;

    private const string Examples =
        """
        Example:
          leadledger rebuild && leadledger verify

        Exit codes: 0 done; 1 refused because an event is damaged, nothing was changed; 2 it could not run.
        """;

    public static Command Create()
    {
        var command = new Verb("rebuild", Description, Examples);
        command.SetAction((_, cancellation) => LedgerAccess.RunAsync(access => RunAsync(access, cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(LedgerAccess access, CancellationToken cancellation)
    {
        var rebuilder = new Rebuilder(access.DataSource, LeadStreams.Model);
        var started = Stopwatch.GetTimestamp();
        try
        {
            var report = await ProgressDisplay.RunAsync(progress => rebuilder.RebuildAsync(progress, cancellation));
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Folded {report.Events:N0} events of {report.Streams:N0} streams in {seconds:N1} s ({report.Events / Math.Max(seconds, 0.001):N0} events/s)."));
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Written: {report.Documents:N0} documents, {report.AuditRows:N0} audit rows, {report.ContactPoints:N0} contact points."));
            return ExitCodes.Fine;
        }
        catch (RebuildRefusedException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCodes.ProblemFound;
        }
    }
}
