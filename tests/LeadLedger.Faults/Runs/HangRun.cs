using System.Diagnostics;
using LeadLedger.Faults.Checking;
using LeadLedger.Faults.Load;

namespace LeadLedger.Faults.Runs;

/// <summary>PostgreSQL frozen under load: connections are accepted and nothing is answered. Webhooks are kept on the disk meanwhile.</summary>
public static class HangRun
{
    /// <summary>Providers give up after 15 seconds; some of them come back only after that.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(int seed, int webhooks, TimeSpan hang, CheckReport report, CancellationToken cancellation)
    {
        const int Rate = 25;
        await using var stage = await Stage.PutUpAsync(new StageOptions { Seed = seed, Processes = 2 });
        var watch = Stopwatch.StartNew();
        using var ticker = Progress.Start("hang", watch, () => $"{stage.Load.Sent.Count} of {webhooks} webhooks");
        var load = stage.Load.RunAsync(new Workload { Seed = seed, Count = webhooks, Rate = Rate }.Arrivals(), cancellation);
        await Task.Delay(TimeSpan.FromSeconds(4), cancellation);
        var before = stage.Load.Acked;
        report.Figure("slowest answer before, s", stage.Load.LongestAnswer.TotalSeconds);
        stage.Load.ForgetLongest();
        var frozenAt = DateTime.UtcNow;
        stage.Server.Freeze(true);
        try
        {
            await Task.Delay(hang, cancellation);
            report.Check("I1", "webhooks are kept while the database hangs", stage.Load.Acked > before, "nothing was acknowledged while PostgreSQL was frozen");
            report.Figure("acknowledged while PostgreSQL was frozen", stage.Load.Acked - before);
        }
        finally
        {
            stage.Server.Freeze(false);
        }

        await load;
        report.Check("I2", "answers stay within bounds while the database hangs", stage.Load.LongestAnswer <= Bound,
            $"the slowest answer took {stage.Load.LongestAnswer.TotalSeconds:0.0} s");
        report.Figure("slowest answer, s", stage.Load.LongestAnswer.TotalSeconds);
        report.Figure("the slowest", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{stage.Load.Slowest}, frozen at {frozenAt:HH:mm:ss.f}"));
        report.Figure("answers by status", string.Join(", ", stage.Load.Statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}")));
        await stage.JudgeAsync(report);
    }
}
