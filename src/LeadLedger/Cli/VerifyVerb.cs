using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LeadLedger.EventStore.Verification;
using LeadLedger.Leads;

namespace LeadLedger.Cli;

/// <summary><c>leadledger verify</c>: is the ledger what was recorded?</summary>
internal static class VerifyVerb
{
    private const string Description =
        """
        Reads every event again, recomputes the hash chain and everything derived from the events, and names the first
        row that is not what it must be. It writes nothing and may run beside a working service.
        """;

    private const string Examples =
        """
        Examples:
          leadledger verify
          leadledger verify --business example-hvac
          leadledger verify --lead 019a9f0e-6f4b-7c1e-9a51-0f3d2c1b0a99
          leadledger verify --all-problems > problems.txt

        Exit codes: 0 the ledger is sound; 1 it is not, the problems are on standard output; 2 it could not be verified.
        """;

    public static Command Create()
    {
        var stream = new Option<Guid?>("--lead", "--stream")
        {
            Description = "Only this lead or call, by its id. Contact points are shared between leads and are left out.",
        };
        var business = new Option<string?>("--business") { Description = "Only this business, by its id." };
        var all = new Option<bool>("--all-problems")
        {
            Description = $"List every problem instead of stopping after {VerificationScope.UsualLimit}.",
        };
        var command = new Verb("verify", Description, Examples) { stream, business, all };
        command.SetAction((parsed, cancellation) => LedgerAccess.RunAsync(
            access => RunAsync(
                access,
                new VerificationScope
                {
                    Stream = parsed.GetValue(stream),
                    Tenant = parsed.GetValue(business),
                    MostProblems = parsed.GetValue(all) ? int.MaxValue : VerificationScope.UsualLimit,
                },
                cancellation),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(LedgerAccess access, VerificationScope scope, CancellationToken cancellation)
    {
        var verifier = new LedgerVerifier(access.DataSource, LeadStreams.Model);
        var started = Stopwatch.GetTimestamp();
        var report = await ProgressDisplay.RunAsync(progress => verifier.VerifyAsync(scope, progress, cancellation));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Read {report.Events:N0} events of {report.Streams:N0} streams, {report.Documents:N0} documents, {report.AuditRows:N0} audit rows and {report.ContactPoints:N0} contact points in {seconds:N1} s ({report.Events / Math.Max(seconds, 0.001):N0} events/s)."));
        if (report.IsSound)
        {
            await Console.Out.WriteLineAsync("The ledger is sound.");
            return ExitCodes.Fine;
        }

        await Console.Out.WriteLineAsync("The ledger is NOT sound. First problem:");
        foreach (var problem in report.Problems)
        {
            await Console.Out.WriteLineAsync($"  {problem}");
        }

        if (report.Problems.Count == scope.MostProblems)
        {
            await Console.Out.WriteLineAsync("There may be more; --all-problems lists every one.");
        }

        return ExitCodes.ProblemFound;
    }
}
