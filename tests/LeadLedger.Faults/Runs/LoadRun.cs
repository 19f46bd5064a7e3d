using System.Diagnostics;
using System.Globalization;
using LeadLedger.Faults.Checking;
using LeadLedger.Faults.Load;
using LeadLedger.Faults.Webhooks;

namespace LeadLedger.Faults.Runs;

/// <summary>How fast it answers when nothing is broken: a steady open loop, and a storm of calls on one core.</summary>
public static class LoadRun
{
    /// <summary>An open loop: a late answer does not hold the next arrival back, and waiting counts.</summary>
    public static async Task SteadyAsync(StageOptions stage, Workload workload, CheckReport report, CancellationToken cancellation)
    {
        await using var put = await Stage.PutUpAsync(stage);
        var watch = Stopwatch.StartNew();
        using (Progress.Start("load", watch, () => $"{put.Load.Sent.Count.ToString("N0", CultureInfo.InvariantCulture)} webhooks"))
        {
            await put.Load.RunAsync(workload.Arrivals(), cancellation);
        }

        var sent = put.Load.Sent;
        var latencies = InOrder(sent);
        report.Figure("seed", workload.Seed);
        report.Figure("steady: webhooks per second", sent.Count / watch.Elapsed.TotalSeconds);
        report.Figure("steady: p50, ms", Percentile(latencies, 0.5));
        report.Figure("steady: p99, ms", Percentile(latencies, 0.99));
        report.Figure("steady: worst, ms", latencies[^1]);
        report.Figure("steady: p99 of each minute, ms", string.Join(", ", sent
            .GroupBy(one => (int)one.Planned.TotalMinutes)
            .OrderBy(minute => minute.Key)
            .Select(minute => Percentile(InOrder(minute), 0.99).ToString("0", CultureInfo.InvariantCulture))));
        var bad = sent.Count(one => one.FirstStatus is < 200 or >= 300);
        report.Figure("steady: first answers that are not 2xx", bad);
        report.Trials("I25", "first answers are 2xx under the stated load", sent.Count);
        if (bad > 0)
        {
            report.Violation("I25", "first answers are 2xx under the stated load", $"{bad} of {sent.Count}");
        }

        await put.JudgeAsync(report, TimeSpan.FromMinutes(5));
    }

    /// <summary>Missed calls of as many people within a minute: every one a lead, and every text at the provider in time.</summary>
    public static async Task StormAsync(int seed, int calls, TimeSpan within, TimeSpan limit, CheckReport report, CancellationToken cancellation)
    {
        string[] oneCore = File.Exists("/usr/bin/taskset") ? ["taskset", "-c", "0"] : [];
        await using var put = await Stage.PutUpAsync(new StageOptions { Seed = seed, Processes = 1, Prefix = oneCore });
        var arrivals = Enumerable.Range(0, calls).SelectMany(call =>
        {
            var at = within * call / calls;
            var sid = string.Create(CultureInfo.InvariantCulture, $"CA{seed:x8}{call:x24}");
            var phone = People.Of(call).Phone;
            return new[] { new Arrival(at, SignedWebhooks.Voice(sid, phone)), new Arrival(at, SignedWebhooks.DialNoAnswer(sid, phone)) };
        });
        await put.Load.RunAsync(arrivals, cancellation);
        await put.RestAsync(limit + TimeSpan.FromSeconds(5));
        var accepted = put.Twin.ReadLog().Where(record => record.What == "accepted").ToLookup(record => record.To!, record => record.At, StringComparer.Ordinal);
        var waits = new List<double>();
        foreach (var call in put.Load.Sent.Where(sent => sent.Webhook.Kind == "dial"))
        {
            var at = accepted[call.Webhook.Phone].FirstOrDefault();
            var seconds = at == 0 || call.AckedAt is null ? double.PositiveInfinity : (at - call.AckedAt.Value) / 1e6;
            waits.Add(seconds);
            report.Check("I25", "storm: every permitted text is at the provider in time", seconds <= limit.TotalSeconds,
                string.Create(CultureInfo.InvariantCulture, $"the text to {call.Webhook.Phone} took {seconds:0.0} s"));
        }

        waits.Sort();
        report.Figure("storm: calls", waits.Count);
        report.Figure("storm: cores of the service", oneCore.Length > 0 ? 1 : Environment.ProcessorCount);
        report.Figure("storm: seconds from the call to the text, median", waits[waits.Count / 2]);
        report.Figure("storm: seconds from the call to the text, worst", waits[^1]);
        await put.JudgeAsync(report);
    }

    private static double[] InOrder(IEnumerable<SentWebhook> sent) => [.. sent.Select(one => one.Latency.TotalMilliseconds).Order()];

    private static double Percentile(double[] inOrder, double part) => inOrder[(int)((inOrder.Length - 1) * part)];
}
