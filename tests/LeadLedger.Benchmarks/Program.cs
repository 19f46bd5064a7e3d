using System.Globalization;
using LeadLedger.Benchmarks;
using LeadLedger.Benchmarks.Load;
using LeadLedger.Benchmarks.Pages;
using LeadLedger.Benchmarks.PhoneNumbers;
using LeadLedger.Benchmarks.Processes;

// dotnet run -c Release --project tests/LeadLedger.Benchmarks -- [rules] [intake] [reading] [phone] [quick]
// and on its own: pages [quick] [keep=<folder for the filled ledger>] [parts=pages,search,live,ingestion,indexes]
if (args is ["load", var port, var connections, var duration])
{
    // Only the load, against a service that is already running with the benchmark's credentials: for profiling.
    var calls = new SignedCalls($"http://127.0.0.1:{port}", ServiceProcess.AccountSid, ServiceProcess.AuthToken, "bbbbbbbbbbbb");
    var load = await LoadClient.RunAsync(
        int.Parse(port, CultureInfo.InvariantCulture), int.Parse(connections, CultureInfo.InvariantCulture),
        double.Parse(duration, CultureInfo.InvariantCulture), n => calls.Request(n, 39_000_000));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{load.PerSecond:F0}/s p50 {load.Milliseconds(0.5):F1} ms p99 {load.Milliseconds(0.99):F1} ms failed {load.Failures}"));
    return;
}

if (args.Contains("pages"))
{
    await PagesBenchmark.RunAsync(PagesPlan.Of(args));
    return;
}

var names = args.Where(arg => arg != "quick").DefaultIfEmpty("all").ToHashSet(StringComparer.Ordinal);
var seconds = args.Contains("quick") ? 5 : 20;
if (names.Contains("phone"))
{
    PhoneBenchmark.Run();
}

if (names.Overlaps(["all", "rules"]))
{
    RulesBenchmark.Run();
}

if (names.Overlaps(["all", "intake"]))
{
    await IntakeBenchmark.RunAsync(seconds);
}

if (names.Overlaps(["all", "reading"]))
{
    await ReadingBenchmark.RunAsync(seconds);
}
