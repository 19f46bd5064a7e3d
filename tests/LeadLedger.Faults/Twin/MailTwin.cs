using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LeadLedger.Faults.Twin;

/// <summary>The part of SMTP that takes mail.</summary>
internal sealed class MailTwin(TwinLog log, int port) : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port);
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    public void Start()
    {
        _listener.Start();
        _loop = ListenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _loop;
        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                _ = TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.UTF8);
                await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
                await writer.WriteLineAsync("220 stand-in");
                var to = "";
                while (await reader.ReadLineAsync(_stop.Token) is { } line)
                {
                    var verb = line.Length >= 4 ? line[..4].ToUpperInvariant() : line;
                    if (verb == "RCPT")
                    {
                        to = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..].TrimEnd('>');
                    }

                    if (verb == "DATA")
                    {
                        await writer.WriteLineAsync("354 go on");
                        await TakeAsync(reader, to);
                    }

                    await writer.WriteLineAsync(verb == "QUIT" ? "221 bye" : "250 fine");
                }
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The sender hung up or was killed.
        }
    }

    private async Task TakeAsync(StreamReader reader, string to)
    {
        var subject = "";
        var id = "";
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
        {
            subject = line.StartsWith("Subject: ", StringComparison.Ordinal) ? line["Subject: ".Length..] : subject;
            id = line.StartsWith("Message-ID: ", StringComparison.OrdinalIgnoreCase) ? line["Message-ID: ".Length..] : id;
        }

        await log.WriteAsync(new TwinRecord { What = "mail", At = TwinLog.Now, To = to, Sid = id, Detail = subject });
    }
}
