using System.Net;
using System.Net.Sockets;

namespace LeadLedger.Faults.Loops;

/// <summary>
/// Stands between the service and PostgreSQL, on loopback only, and breaks one connection at an exact message: before the server sees it, or after the
/// server has acted on it and before the service hears. Messages of all connections are counted together, from the mark set by <see cref="Arm"/>;
/// everything else passes unchanged in both directions.
/// </summary>
public sealed class CutProxy : IAsyncDisposable
{
    /// <summary>How long the server's answer is waited for; a statement that waits for a lock may never answer.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(2);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<ProxiedConnection> _connections = [];
    private readonly Lock _lock = new();
    private readonly Task _accepting;
    private volatile bool _refuse;
    private int _counted;
    private int _target;
    private CutPosition _position;
    private string? _from;
    private Cut? _cut;

    /// <exception cref="ArgumentException">The server is not on this machine.</exception>
    public CutProxy(IPEndPoint server)
    {
        if (!IPAddress.IsLoopback(server.Address))
        {
            throw new ArgumentException($"the proxy only talks to loopback, and {server} is not", nameof(server));
        }

        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Counts messages from here and breaks the connection that carries message <paramref name="number"/>.</summary>
    /// <param name="number">Counted from 1.</param>
    /// <param name="position">Before it or after it.</param>
    /// <param name="from">Counting begins with the first message that has these words; null begins at once.</param>
    public void Arm(int number, CutPosition position, string? from = null)
    {
        lock (_lock)
        {
            (_counted, _target, _position, _from, _cut) = (0, number, position, from, null);
        }
    }

    /// <summary>Ends the counting; answers the cut if it was reached.</summary>
    public Cut? Disarm()
    {
        lock (_lock)
        {
            _target = 0;
            return _cut;
        }
    }

    /// <summary>True breaks every connection and takes no new one, as if the server were gone; false ends that.</summary>
    public void Refuse(bool refuse)
    {
        _refuse = refuse;
        if (refuse)
        {
            CutAll();
        }
    }

    /// <summary>Breaks every connection at once.</summary>
    public void CutAll()
    {
        ProxiedConnection[] all;
        lock (_lock)
        {
            all = [.. _connections];
        }

        foreach (var connection in all)
        {
            connection.Break();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        CutAll();
        await _accepting;
        _stop.Dispose();
    }

    /// <summary>Counts one message; says whether it is the one to cut at.</summary>
    internal CutPosition? Count(string words)
    {
        lock (_lock)
        {
            if (_from is { } from && !words.Contains(from, StringComparison.Ordinal))
            {
                return null;
            }

            _from = null;
            if (++_counted != _target || _cut is not null)
            {
                return null;
            }

            _cut = new Cut(_target, _position, words, false);
            return _position;
        }
    }

    internal static TimeSpan AnswerLimit => LongestAnswer;

    internal void Answered()
    {
        lock (_lock)
        {
            _cut = _cut is { } cut ? cut with { Answered = true } : null;
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                if (_refuse)
                {
                    client.Close(0);
                    continue;
                }

                _ = ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        using var connection = new ProxiedConnection(this, client, server);
        lock (_lock)
        {
            _connections.Add(connection);
        }

        try
        {
            await server.ConnectAsync(_server, _stop.Token);
            await connection.RunAsync();
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The server is away: the client sees its connection end, as it would without the proxy.
        }

        lock (_lock)
        {
            _connections.Remove(connection);
        }
    }
}
