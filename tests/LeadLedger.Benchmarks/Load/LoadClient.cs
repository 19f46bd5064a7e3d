using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LeadLedger.Benchmarks.Load;

/// <summary>
/// Drives prepared HTTP requests over keep-alive connections, as lean as can be, since client, service and database share the machine. Talks to
/// loopback only, and stops after its count or time.
/// </summary>
public static class LoadClient
{
    /// <param name="port">Port on 127.0.0.1.</param>
    /// <param name="connections">Connections, each with one request under way.</param>
    /// <param name="seconds">How long to run.</param>
    /// <param name="request">Makes the whole request for a running number.</param>
    public static Task<LoadResult> RunAsync(int port, int connections, double seconds, Func<long, byte[]> request)
    {
        var next = 0L;
        var until = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        return RunAsync(port, connections, () => Stopwatch.GetTimestamp() < until ? request(Interlocked.Increment(ref next)) : null);
    }

    /// <summary>The same for a fixed number of requests, numbered from 1.</summary>
    public static Task<LoadResult> RunCountAsync(int port, int connections, long count, Func<long, byte[]> request)
    {
        var next = 0L;
        return RunAsync(port, connections, () => Interlocked.Increment(ref next) is var number && number <= count ? request(number) : null);
    }

    private static async Task<LoadResult> RunAsync(int port, int connections, Func<byte[]?> request)
    {
        var watch = Stopwatch.StartNew();
        var results = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => WorkAsync(port, request))));
        watch.Stop();
        var latencies = results.SelectMany(r => r.Latencies).ToArray();
        Array.Sort(latencies);
        return new LoadResult(latencies.Length, results.Sum(r => r.Failures), watch.Elapsed.TotalSeconds, latencies);
    }

    private static async Task<(List<long> Latencies, int Failures)> WorkAsync(int port, Func<byte[]?> request)
    {
        var latencies = new List<long>(4096);
        var failures = 0;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var buffer = new byte[1024 * 1024];
        while (request() is { } bytes)
        {
            var start = Stopwatch.GetTimestamp();
            await socket.SendAsync(bytes);
            if (await ReadAsync(socket, buffer) is not (>= 200 and < 300))
            {
                failures++;
            }

            latencies.Add(Stopwatch.GetTimestamp() - start);
        }

        return (latencies, failures);
    }

    private static async Task<int> ReadAsync(Socket socket, byte[] buffer)
    {
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (read == 0)
            {
                return 0;
            }

            length += read;
            var head = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (head < 0)
            {
                continue;
            }

            if (IsComplete(buffer.AsSpan(0, length), head))
            {
                return Utf8Parser.TryParse(buffer.AsSpan(9, 3), out int status, out _) ? status : 0;
            }
        }
    }

    private static bool IsComplete(ReadOnlySpan<byte> answer, int head)
    {
        var headers = answer[..(head + 2)];
        var at = headers.IndexOf("Content-Length: "u8);
        if (at >= 0)
        {
            return Utf8Parser.TryParse(headers[(at + 16)..], out int body, out _) && answer.Length >= head + 4 + body;
        }

        return headers.IndexOf("chunked"u8) < 0 || answer.EndsWith("0\r\n\r\n"u8);
    }

    /// <summary>A whole request as bytes.</summary>
    public static byte[] Http(string method, string path, string headers, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var head = $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}Content-Length: {bytes.Length}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. bytes];
    }
}

/// <summary>What a run measured.</summary>
/// <param name="Requests">Requests answered.</param>
/// <param name="Failures">Answers other than 2xx.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="Latencies">Sorted, in stopwatch ticks.</param>
public sealed record LoadResult(int Requests, int Failures, double Seconds, long[] Latencies)
{
    public double PerSecond => Requests / Seconds;

    public double Milliseconds(double quantile) =>
        Latencies.Length == 0 ? 0 : Latencies[(int)Math.Min(Latencies.Length - 1, quantile * Latencies.Length)] * 1000.0 / Stopwatch.Frequency;
}
