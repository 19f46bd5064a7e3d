using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace LeadLedger.Benchmarks.Pages;

/// <summary>
/// A page that somebody left open: listens for changes and fetches itself again as the script does, one fetch at a time and at most one
/// a second.
/// </summary>
public sealed class OpenPage(PageVisitor visitor, string path, string topic)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private readonly Channel<long> _told = Channel.CreateBounded<long>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _fetched;

    /// <summary>Each change it was told of and the page that followed, in stopwatch ticks.</summary>
    public ConcurrentQueue<(long Told, long Shown)> Updates { get; } = new();

    /// <summary>How often it fetched itself.</summary>
    public int Fetched => _fetched;

    /// <summary>Ends when cancelled.</summary>
    public async Task RunAsync(TaskCompletionSource isOpen, CancellationToken cancellation)
    {
        try
        {
            using var stream = await visitor.ListenAsync(topic, cancellation);
            await stream.ReadLineAsync(cancellation);
            isOpen.TrySetResult();
            var fetching = FetchAsync(cancellation);
            while (await stream.ReadLineAsync(cancellation) is { } line)
            {
                if (line.StartsWith("event: change", StringComparison.Ordinal))
                {
                    _told.Writer.TryWrite(Stopwatch.GetTimestamp());
                }
            }

            await fetching;
        }
        catch (OperationCanceledException)
        {
            isOpen.TrySetCanceled(CancellationToken.None);
        }
    }

    private async Task FetchAsync(CancellationToken cancellation)
    {
        var begun = 0L;
        await foreach (var told in _told.Reader.ReadAllAsync(cancellation))
        {
            if (begun > 0 && Between - Stopwatch.GetElapsedTime(begun) is { Ticks: > 0 } rest)
            {
                using var pause = new PeriodicTimer(rest);
                await pause.WaitForNextTickAsync(cancellation);
            }

            begun = Stopwatch.GetTimestamp();
            await visitor.GetAsync(path, live: true);
            Interlocked.Increment(ref _fetched);
            Updates.Enqueue((told, Stopwatch.GetTimestamp()));
        }
    }
}
