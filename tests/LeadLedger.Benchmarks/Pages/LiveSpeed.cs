using System.Diagnostics;
using System.Globalization;
using LeadLedger.Benchmarks.Load;
using LeadLedger.Benchmarks.Processes;

namespace LeadLedger.Benchmarks.Pages;

/// <summary>How soon open pages show a call, and what they cost the intake of calls.</summary>
public sealed class LiveSpeed(ServiceProcess service, PageVisitor visitor, SignedCalls calls)
{
    private const int IntakeConnections = 32;
    private static readonly string[] Paths = ["/", "/leads", "/escalations", "/status"];

    private long _number = 3_000_000_000;

    /// <summary>From the answer of a webhook, which follows the commit, until an open page is told and has fetched itself.</summary>
    public async Task ChangesAsync(int changes, int openPages)
    {
        await using var open = await OpenAsync(openPages);
        var page = open.Pages[0];
        var (told, shown) = (new List<double>(), new List<double>());
        for (var n = 0; n < changes; n++)
        {
            // Pauses of uneven length, so that the calls do not fall in step with the feed, and longer than a page rests after a change.
            using (var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(1050 + (20 * openPages) + (PeopleNames.Mixed(n) % 310))))
            {
                await pause.WaitForNextTickAsync();
            }

            page.Updates.Clear();
            await LoadClient.RunCountAsync(service.Port, 1, 1, _ => Call());
            var committed = Stopwatch.GetTimestamp();
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
            while (page.Updates.IsEmpty && Stopwatch.GetElapsedTime(committed) < TimeSpan.FromSeconds(10))
            {
                await look.WaitForNextTickAsync();
            }

            var seen = page.Updates.TryDequeue(out var update);
            told.Add(seen ? Math.Max(0, Stopwatch.GetElapsedTime(committed, update.Told).TotalMilliseconds) : 10_000);
            shown.Add(seen ? Math.Max(0, Stopwatch.GetElapsedTime(committed, update.Shown).TotalMilliseconds) : 10_000);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Live update, {openPages} open, {changes} calls one after another: told p50 {Quantiles.Of(told, 0.5):F0} ms, p99 {Quantiles.Of(told, 0.99):F0} ms; page fetched again p50 {Quantiles.Of(shown, 0.5):F0} ms, p99 {Quantiles.Of(shown, 0.99):F0} ms, slowest {shown.Max():F0} ms"));
    }

    /// <summary>Calls a second without and with open pages, in turn.</summary>
    public async Task IngestionAsync(int openPages, int seconds)
    {
        Console.WriteLine($"\nIngestion at {IntakeConnections} connections, {seconds} s each");
        Console.WriteLine("| open pages | calls/s | p50 ms | p99 ms | failed | kept aside | pages fetched/s | service CPU | service MB |\n|---|---|---|---|---|---|---|---|---|");
        await LoadClient.RunAsync(service.Port, IntakeConnections, 3, _ => Call());
        var rates = new Dictionary<bool, List<double>> { [false] = [], [true] = [] };
        foreach (var isOpen in new[] { false, true, false, true, false, true, false })
        {
            await using var open = await OpenAsync(isOpen ? openPages : 0);
            var cpu = Usage.CpuSeconds(service.Id);
            var before = open.Fetched;
            var result = await LoadClient.RunAsync(service.Port, IntakeConnections, seconds, _ => Call());
            var (cpuAfter, fetched) = (Usage.CpuSeconds(service.Id), open.Fetched);
            var keptAside = await Spool.DrainedAsync(service);
            rates[isOpen].Add(result.PerSecond);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {open.Pages.Count} | {result.PerSecond:F0} | {result.Milliseconds(0.5):F1} | {result.Milliseconds(0.99):F1} | {result.Failures} | {keptAside} | {(fetched - before) / result.Seconds:F0} | {(cpuAfter - cpu) / result.Seconds * 100:F0} % | {Usage.Megabytes(service.Id):F0} |"));
        }

        // Each stretch with pages stands between two without, so that a drift of the machine falls on both alike.
        var ratios = rates[true].Select((rate, n) => rate / ((rates[false][n] + rates[false][n + 1]) / 2)).ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"With {openPages} open pages to without: {ratios.Average():F3} (each {string.Join(", ", ratios.Select(ratio => ratio.ToString("F3", CultureInfo.InvariantCulture)))}); without, stretch to stretch: {rates[false].Min():F0} to {rates[false].Max():F0} calls/s"));
    }

    /// <summary>A missed call of somebody new.</summary>
    public byte[] Call()
    {
        var number = Interlocked.Increment(ref _number);
        return calls.Request(number, FilledLedger.Phone(number % 30_000_000), FilledLedger.Name(number));
    }

    private async Task<OpenPages> OpenAsync(int count)
    {
        var ends = new CancellationTokenSource();
        var pages = Enumerable.Range(0, count).Select(n => new OpenPage(visitor, Paths[n % Paths.Length], "all")).ToArray();
        var opened = pages.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        var running = pages.Select((page, n) => page.RunAsync(opened[n], ends.Token)).ToArray();
        await Task.WhenAll(opened.Select(each => each.Task));
        return new OpenPages(pages, running, ends);
    }

    private sealed record OpenPages(IReadOnlyList<OpenPage> Pages, IReadOnlyList<Task> Running, CancellationTokenSource Ends) : IAsyncDisposable
    {
        public int Fetched => Pages.Sum(page => page.Fetched);

        public async ValueTask DisposeAsync()
        {
            await Ends.CancelAsync();
            await Task.WhenAll(Running);
            Ends.Dispose();
        }
    }
}
