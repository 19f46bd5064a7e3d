using System.Globalization;
using LeadLedger.Faults.Checking;
using LeadLedger.Faults.Load;
using LeadLedger.Faults.Nemesis;

namespace LeadLedger.Faults.Runs;

/// <summary>Load and a nemesis together, then rest, then judgement.</summary>
public static class ChaosRun
{
    public static async Task RunAsync(
        StageOptions stage, Workload workload, NemesisPlan plan, CheckReport report, CancellationToken cancellation, TimeSpan? longer = null)
    {
        await using var put = await Stage.PutUpAsync(stage);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var nemesis = new NemesisRun(plan, put.Fleet, put.Server, put.Proxy, put.Twin);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var during = TimeSpan.FromSeconds(workload.Count / workload.Rate);
        var breaking = nemesis.RunAsync(during + (longer ?? TimeSpan.Zero), over.Token);
        using var ticker = Progress.Start("chaos", watch, () => string.Create(CultureInfo.InvariantCulture,
            $"{put.Load.Sent.Count:N0} of {workload.Count:N0} webhooks, {put.Fleet.Kills} service and {nemesis.Done.GetValueOrDefault("PostgreSQL kills")} PostgreSQL kills"));
        await put.Load.RunAsync(workload.Arrivals(), cancellation);
        var loadTook = watch.Elapsed;
        if (longer is { } more)
        {
            // What was scheduled falls due only now, and the nemesis is still at work.
            during += more;
            while (watch.Elapsed < during && !breaking.IsCompleted)
            {
                await Task.Delay(200, cancellation);
            }
        }

        await breaking;
        report.Figure("seed", workload.Seed);
        report.Figure("service processes", stage.Processes);
        report.Figure("seconds of load", loadTook.TotalSeconds);
        report.Figure("webhooks per second", put.Load.Sent.Count / loadTook.TotalSeconds);
        foreach (var (what, count) in nemesis.Done.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            report.Figure(what, count);
        }

        if (nemesis.Recoveries.Count > 0)
        {
            report.Figure("PostgreSQL up again after, ms, median", nemesis.Recoveries.Order().ElementAt(nemesis.Recoveries.Count / 2));
        }

        report.Figure("answers by status", string.Join(", ", put.Load.Statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}")));

        // A long run leaves a long queue of mails to staff behind it; everything else is at rest long before.
        await put.JudgeAsync(report, Stage.RestLimit + TimeSpan.FromSeconds(put.Load.Sent.Count / 200.0));
    }
}
