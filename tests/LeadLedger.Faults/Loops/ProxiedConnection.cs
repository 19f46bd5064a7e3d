using System.Net.Sockets;

namespace LeadLedger.Faults.Loops;

/// <summary>One connection through the proxy: both directions, and the end of both at the message that is cut.</summary>
internal sealed class ProxiedConnection(CutProxy proxy, Socket client, Socket server) : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    // Makes the server answer what it has done so far; the connection ends before the client could notice.
    private static readonly byte[] Flush = [(byte)'H', 0, 0, 0, 4];

    private readonly FrontendMessages _messages = new();
    private readonly ServerAnswers _answers = new();
    private volatile bool _silent;

    /// <summary>Runs until one side ends.</summary>
    public async Task RunAsync()
    {
        var fromServer = FromServerAsync();
        await Task.WhenAny(FromClientAsync(), fromServer);
        Break();

        // The server works off what it was sent before it notices; only then is its side taken away.
        try
        {
            await fromServer.WaitAsync(CutProxy.AnswerLimit);
        }
        catch (TimeoutException)
        {
            // It waits for a lock; it is left.
        }
    }

    /// <summary>The client's connection is reset; the server reads the end of the stream after what it was sent.</summary>
    public void Break()
    {
        _silent = true;
        client.Close(0);
        try
        {
            server.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }

    public void Dispose()
    {
        Break();
        server.Close();
    }

    private async Task FromClientAsync()
    {
        var buffer = new byte[BufferBytes];
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }

                var read = await client.ReceiveAsync(buffer.AsMemory(length));
                if (read == 0)
                {
                    return;
                }

                length += read;
                var passed = await PassAsync(buffer, length);
                if (passed < 0)
                {
                    return;
                }

                buffer.AsSpan(passed, length - passed).CopyTo(buffer);
                length -= passed;
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The connection is gone.
        }
    }

    /// <summary>Passes on the whole messages of the buffer; -1 when the connection was cut among them.</summary>
    private async Task<int> PassAsync(byte[] buffer, int length)
    {
        var at = 0;
        while (_messages.LengthOf(buffer.AsSpan(at, length - at)) is > 0 and var size)
        {
            var (kind, words) = _messages.Read(buffer.AsSpan(at, size));
            var cut = kind == 'X' ? null : proxy.Count(words);
            if (cut == CutPosition.BeforeForwarding)
            {
                await server.SendAsync(buffer.AsMemory(0, at));
                Break();
                return -1;
            }

            var number = _answers.Sent(kind);
            at += size;
            if (cut == CutPosition.AfterEffect)
            {
                await CutAfterAsync(buffer.AsMemory(0, at), kind, number);
                return -1;
            }
        }

        await server.SendAsync(buffer.AsMemory(0, at));
        return at;
    }

    private async Task CutAfterAsync(ReadOnlyMemory<byte> upTo, char kind, long number)
    {
        _silent = true;
        await server.SendAsync(upTo);
        if (kind is 'P' or 'B' or 'D' or 'E' or 'C')
        {
            await server.SendAsync(Flush);
        }

        try
        {
            await _answers.AnsweredAsync(number).WaitAsync(CutProxy.AnswerLimit);
            proxy.Answered();
        }
        catch (TimeoutException)
        {
            // It waits for a lock that another connection holds; it is cut while it waits.
        }

        Break();
    }

    private async Task FromServerAsync()
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (await server.ReceiveAsync(buffer.AsMemory()) is > 0 and var read)
            {
                _answers.Received(buffer.AsSpan(0, read));
                if (!_silent)
                {
                    await client.SendAsync(buffer.AsMemory(0, read));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The connection is gone.
        }
    }
}
