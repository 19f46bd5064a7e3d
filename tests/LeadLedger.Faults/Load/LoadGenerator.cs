using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using LeadLedger.Faults.Processes;
using LeadLedger.Faults.Webhooks;

namespace LeadLedger.Faults.Load;

/// <summary>
/// Sends arrivals at their moments and, like a provider, again after a 5xx or a lost connection. What was sent and what was acknowledged is
/// on the disk before the next step, so that the truth survives even us.
/// </summary>
public sealed class LoadGenerator : IAsyncDisposable
{
    /// <summary>An arrival is written down this long before its moment, so that our own disk does not count as the service's time.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(100);

    private readonly IReadOnlyList<string> _urls;
    private readonly FsyncedLog _log;
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _together;
    private readonly ConcurrentQueue<SentWebhook> _sent = new();
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private readonly TimeSpan _giveUpAfter;
    private int _turn;
    private int _busyWithoutRetryAfter;
    private long _longestAnswer;
    private string _slowest = "";

    /// <param name="urls">The service's processes, in turn; the next one when one fails.</param>
    /// <param name="logPath">The log of sent and acknowledged.</param>
    /// <param name="together">Most requests in flight; when all are waiting, arrivals wait too.</param>
    /// <param name="giveUpAfter">Since the first attempt.</param>
    public LoadGenerator(IReadOnlyList<string> urls, string logPath, int together = 64, TimeSpan? giveUpAfter = null)
    {
        _urls = urls;
        _log = new FsyncedLog(logPath);
        _together = new SemaphoreSlim(together);
        _giveUpAfter = giveUpAfter ?? TimeSpan.FromSeconds(90);
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) })
        {
            // The provider waits this long for an answer.
            Timeout = TimeSpan.FromSeconds(15),
        };
    }

    /// <summary>Everything that was sent and has come to an end.</summary>
    public IReadOnlyList<SentWebhook> Sent => [.. _sent];

    /// <summary>Answers by status; 0 for none.</summary>
    public IReadOnlyDictionary<int, int> Statuses => _statuses;

    /// <summary>503 that did not say when to come back.</summary>
    public int BusyWithoutRetryAfter => _busyWithoutRetryAfter;

    /// <summary>The slowest of all attempts, answered or not.</summary>
    public TimeSpan LongestAnswer => TimeSpan.FromTicks(Interlocked.Read(ref _longestAnswer));

    /// <summary>What that attempt was, and when it began.</summary>
    public string Slowest => _slowest;

    public int Acked => _sent.Count(sent => sent.AckedAt is not null);

    public async Task RunAsync(IEnumerable<Arrival> arrivals, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var running = new ConcurrentDictionary<Task, byte>();
        foreach (var arrival in arrivals)
        {
            if (cancellation.IsCancellationRequested)
            {
                break;
            }

            await UntilAsync(arrival.At - Ahead, watch, cancellation);
            await _together.WaitAsync(CancellationToken.None);
            var task = SendAsync(arrival, watch);
            running[task] = 0;
            _ = task.ContinueWith(ended => running.TryRemove(ended, out _), TaskScheduler.Default);
        }

        await Task.WhenAll(running.Keys);
    }

    /// <summary>Sends one webhook until it is acknowledged, refused or given up.</summary>
    public async Task<SentWebhook> SendAsync(Webhook webhook)
    {
        await _together.WaitAsync();
        return await SendAsync(new Arrival(TimeSpan.Zero, webhook), Stopwatch.StartNew());
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        _http.Dispose();
        _together.Dispose();
    }

    private static async Task UntilAsync(TimeSpan moment, Stopwatch watch, CancellationToken cancellation)
    {
        if (moment - watch.Elapsed is { TotalMilliseconds: > 1 } wait)
        {
            await Task.Delay(wait, cancellation).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private async Task<SentWebhook> SendAsync(Arrival arrival, Stopwatch watch)
    {
        try
        {
            var webhook = arrival.Webhook;
            await LogAsync("sent", webhook, 0);
            await UntilAsync(arrival.At, watch, CancellationToken.None);
            var since = Stopwatch.StartNew();
            TimeSpan? latency = null;
            var first = 0;
            for (var attempt = 1; ; attempt++)
            {
                var (status, words) = await AttemptAsync(webhook);
                _statuses.AddOrUpdate(status, 1, static (_, count) => count + 1);
                if (attempt == 1)
                {
                    latency = watch.Elapsed - arrival.At;
                    first = status;
                }

                if (status is >= 200 and < 300)
                {
                    var at = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / 10;
                    await LogAsync("acked", webhook, at);
                    return Ended(new SentWebhook(webhook, arrival.At, at, attempt, latency!.Value, first, null));
                }

                if (status is >= 300 and < 500 || since.Elapsed > _giveUpAfter)
                {
                    await LogAsync(status == 0 ? "given up" : "refused", webhook, 0);
                    return Ended(new SentWebhook(
                        webhook, arrival.At, null, attempt, latency!.Value, first, status is >= 300 and < 500 ? $"{status} {words}" : null));
                }

                await Task.Delay(Math.Min(100 * attempt, 1000));
            }
        }
        finally
        {
            _together.Release();
        }
    }

    private SentWebhook Ended(SentWebhook sent)
    {
        _sent.Enqueue(sent);
        return sent;
    }

    private async Task<(int Status, string Words)> AttemptAsync(Webhook webhook)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            using var request = webhook.RequestTo(_urls[(int)((uint)Interlocked.Increment(ref _turn) % _urls.Count)]);
            using var answer = await _http.SendAsync(request);
            var words = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter is null)
            {
                Interlocked.Increment(ref _busyWithoutRetryAfter);
            }

            return ((int)answer.StatusCode, words);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException)
        {
            return (0, exception.Message);
        }
        finally
        {
            NoteLongest(watch.Elapsed, webhook);
        }
    }

    /// <summary>Begins to look for the slowest attempt anew, so that the start of the service is not counted.</summary>
    public void ForgetLongest() => Interlocked.Exchange(ref _longestAnswer, 0);

    private void NoteLongest(TimeSpan took, Webhook webhook)
    {
        var ticks = took.Ticks;
        var longest = Interlocked.Read(ref _longestAnswer);
        while (ticks > longest)
        {
            var before = Interlocked.CompareExchange(ref _longestAnswer, ticks, longest);
            if (before == longest)
            {
                _slowest = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{webhook.Kind}, begun {DateTime.UtcNow - took:HH:mm:ss.f}");
                return;
            }

            longest = before;
        }
    }

    private Task LogAsync(string what, Webhook webhook, long at) => _log.AppendAsync(JsonSerializer.SerializeToUtf8Bytes(
        new Dictionary<string, object> { ["what"] = what, ["source"] = webhook.Source, ["key"] = webhook.Key, ["phone"] = webhook.Phone, ["at"] = at }));
}
