using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace LeadLedger.Tests.Support;

/// <summary>Stands between a client and its server, on loopback, and breaks the wire at the next request when told to.</summary>
public sealed class CutWire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Socket> _sockets = [];
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly Task _accepting;
    private int _cuts;

    public CutWire(string connectionString)
    {
        _server = new NpgsqlConnectionStringBuilder(connectionString);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public enum Cut
    {
        /// <summary>The request arrives and is done; its answer does not.</summary>
        Answer,

        /// <summary>The request does not arrive, and the server is told that the client has gone.</summary>
        Request,

        /// <summary>The request does not arrive, and the server waits for it.</summary>
        Silently,
    }

    /// <summary>What happens to the next request; null lets it pass. It is taken back once it happened.</summary>
    public Cut? Next { get; set; }

    /// <summary>New connections are refused.</summary>
    public bool StaysAway { get; set; }

    /// <summary>How often the wire was cut.</summary>
    public int Cuts => _cuts;

    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server.ConnectionString)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        SslMode = SslMode.Disable,
    }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting;
        lock (_sockets)
        {
            _sockets.ForEach(socket => socket.Dispose());
        }

        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = Kept(await _listener.AcceptSocketAsync(_ending.Token));
                if (StaysAway)
                {
                    client.Dispose();
                    continue;
                }

                var server = Kept(_server.Host!.StartsWith('/')
                    ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                    : new Socket(SocketType.Stream, ProtocolType.Tcp));
                EndPoint at = _server.Host.StartsWith('/')
                    ? new UnixDomainSocketEndPoint(Path.Combine(_server.Host, $".s.PGSQL.{_server.Port}"))
                    : new DnsEndPoint(_server.Host, _server.Port);
                await server.ConnectAsync(at, _ending.Token);
                var wire = new Wire(client, server);
                _ = ForwardAsync(wire);
                _ = AnswerAsync(wire);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ForwardAsync(Wire wire)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await wire.Client.ReceiveAsync(buffer, _ending.Token) is var count and > 0)
            {
                if (!wire.SwallowsAnswer && Next is { } cut)
                {
                    Next = null;
                    Interlocked.Increment(ref _cuts);
                    wire.SwallowsAnswer = cut == Cut.Answer;
                    if (cut != Cut.Answer)
                    {
                        wire.Client.Dispose();
                        if (cut == Cut.Request)
                        {
                            wire.Server.Dispose();
                        }

                        return;
                    }
                }

                await wire.Server.SendAsync(buffer.AsMemory(0, count), _ending.Token);
            }

            wire.Server.Dispose();
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            wire.Server.Dispose();
        }
    }

    private async Task AnswerAsync(Wire wire)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await wire.Server.ReceiveAsync(buffer, _ending.Token) is var count and > 0)
            {
                if (wire.SwallowsAnswer)
                {
                    break;
                }

                await wire.Client.SendAsync(buffer.AsMemory(0, count), _ending.Token);
            }

            wire.Client.Dispose();
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            wire.Client.Dispose();
        }
    }

    private Socket Kept(Socket socket)
    {
        lock (_sockets)
        {
            _sockets.Add(socket);
        }

        return socket;
    }

    private sealed class Wire(Socket client, Socket server)
    {
        public Socket Client => client;

        public Socket Server => server;

        public bool SwallowsAnswer { get; set; }
    }
}
