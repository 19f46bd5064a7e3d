using System.Diagnostics;
using System.Globalization;
using System.Text;
using LeadLedger.Faults.Checking;
using LeadLedger.Faults.Load;
using LeadLedger.Faults.Nemesis;

namespace LeadLedger.Faults.Runs;

/// <summary>Which runs there are: the quick one of every build, and the parts of the long one.</summary>
public static class Tiers
{
    /// <summary>No run lasts longer than this, whatever happens.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(60);

    /// <summary>Tiny counts and a fixed seed, within a minute.</summary>
    public static Task<int> QuickAsync(RunArguments args)
    {
        var seed = args.Number("seed", 1);
        return RunAsync("quick", args, async (report, cancellation) => await ChaosRun.RunAsync(
            new StageOptions { Seed = seed, Processes = 2, WithCrm = true },
            new Workload { Seed = seed, Count = args.Number("webhooks", 1000), Rate = args.Number("rate", 60), People = 300 },
            new NemesisPlan
            {
                Seed = seed,
                ServiceKills = args.Number("service-kills", 3),
                PostgresKills = args.Number("postgres-kills", 2),
                Resets = 2,
                Blackholes = 1,
                Pauses = 1,
                Restarts = 1,
                ProviderPhases = 4,
            },
            report, cancellation));
    }

    private static async Task<int> RunAsync(string name, RunArguments args, Func<CheckReport, CancellationToken, Task> run)
    {
        using var limit = new CancellationTokenSource(Longest);
        var report = new CheckReport();
        var watch = Stopwatch.StartNew();
        await run(report, limit.Token);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"## {name}").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{(report.Violations == 0 ? "No violation" : $"{report.Violations} violations")} in {watch.Elapsed.TotalSeconds:0} s.");
        text.AppendLine("With no violation in N trials the true rate is below 3/N with a confidence of 95 %.").AppendLine();
        text.Append(report.ToMarkdown());
        foreach (var words in report.Words)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {words}");
        }

        Console.WriteLine(text);
        if (args.Text("report") is { Length: > 0 } path)
        {
            await File.AppendAllTextAsync(path, text.ToString());
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Passed} passed, {report.Failed} failed"));
        return report.Violations == 0 ? 0 : 1;
    }
}
