using LeadLedger.Benchmarks;

// dotnet run -c Release --project tests/LeadLedger.Benchmarks -- [intake] [reading] [quick]
var names = args.Where(arg => arg != "quick").DefaultIfEmpty("all").ToHashSet(StringComparer.Ordinal);
var seconds = args.Contains("quick") ? 3 : 10;
if (names.Overlaps(["all", "intake"]))
{
    await IntakeBenchmark.RunAsync(seconds);
}

if (names.Overlaps(["all", "reading"]))
{
    await ReadingBenchmark.RunAsync(seconds);
}
