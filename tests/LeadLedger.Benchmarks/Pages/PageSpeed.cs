using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;

namespace LeadLedger.Benchmarks.Pages;

/// <summary>How soon each page answers and how large it is: alone on one connection, then all of them at eight.</summary>
public static class PageSpeed
{
    private const double MostMilliseconds = 50;
    private const int MostBytes = 100_000;
    private const int Connections = 8;
    private static readonly TimeSpan Together = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(PageVisitor visitor, IReadOnlyList<string> addresses, int requests)
    {
        Console.WriteLine("\nPages, one connection. First byte and whole answer in milliseconds; bytes as answered, and with gzip as a proxy would send them");
        Console.WriteLine("| page | status | first p50 | first p99 | whole p99 | first visit | bytes | gzip |  |\n|---|---|---|---|---|---|---|---|---|");
        var missed = 0;
        foreach (var address in addresses)
        {
            var cold = await visitor.GetAsync(address);
            for (var warm = 0; warm < 5; warm++)
            {
                await visitor.GetAsync(address);
            }

            var visits = new List<PageVisit>();
            for (var each = 0; each < requests; each++)
            {
                visits.Add(await visitor.GetAsync(address));
            }

            var first = visits.Select(visit => visit.FirstByte).ToArray();
            var size = visits.Max(visit => visit.Body.Length);
            var isMet = Quantiles.Of(first, 0.99) <= MostMilliseconds && size < MostBytes;
            missed += isMet ? 0 : 1;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {address} | {cold.Status} | {Quantiles.Of(first, 0.5):F1} | {Quantiles.Of(first, 0.99):F1} | {Quantiles.Of(visits.Select(visit => visit.Whole), 0.99):F1} | {cold.FirstByte:F0} | {size:N0} | {Gzipped(visits[^1].Body):N0} | {(isMet ? "" : "**not met**")} |"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{addresses.Count - missed} of {addresses.Count} addresses within {MostMilliseconds} ms at p99 and {MostBytes:N0} bytes"));
        await TogetherAsync(visitor, addresses);
    }

    private static async Task TogetherAsync(PageVisitor visitor, IReadOnlyList<string> addresses)
    {
        var visits = new ConcurrentBag<(string Address, double FirstByte)>();
        var next = 0;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(start) < Together)
            {
                var address = addresses[Interlocked.Increment(ref next) % addresses.Count];
                visits.Add((address, (await visitor.GetAsync(address)).FirstByte));
            }
        }));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var all = visits.Select(visit => visit.FirstByte).ToArray();
        var slowest = visits.GroupBy(visit => visit.Address).Select(page => (page.Key, P99: Quantiles.Of(page.Select(visit => visit.FirstByte), 0.99))).MaxBy(page => page.P99);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"All pages in turn at {Connections} connections: {all.Length / seconds:F0} pages/s, first byte p50 {Quantiles.Of(all, 0.5):F1} ms, p95 {Quantiles.Of(all, 0.95):F1} ms, p99 {Quantiles.Of(all, 0.99):F1} ms; slowest {slowest.Key} p99 {slowest.P99:F1} ms"));
    }

    private static int Gzipped(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body);
        }

        return (int)packed.Length;
    }
}
