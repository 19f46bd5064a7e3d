namespace LeadLedger.Benchmarks;

/// <summary>Queries: lead by id, list of 50, history of a lead with 1,000 events.</summary>
public static class ReadingBenchmark
{
    public static Task RunAsync(int seconds) => Task.FromResult(seconds);
}
