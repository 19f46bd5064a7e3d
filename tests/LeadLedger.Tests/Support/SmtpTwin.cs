using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LeadLedger.Tests.Support;

/// <summary>A mail as the stand-in server took it.</summary>
public sealed record TakenMail(string To, string Subject, string Raw);

/// <summary>The part of SMTP that takes mail, on loopback.</summary>
public sealed class SmtpTwin : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<TakenMail> _mails = new();
    private readonly CancellationTokenSource _stop = new();
    private Task? _loop;

    /// <summary>The answer to the recipient; 250 takes it.</summary>
    public int RecipientAnswer { get; set; } = 250;

    public IReadOnlyList<TakenMail> Mails => [.. _mails];

    public string Url => $"smtp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}?tls=off&from=alerts@leads.test";

    public void Start()
    {
        _listener.Start();
        _loop = ListenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        if (_loop is not null)
        {
            await _loop;
        }

        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        var talks = new List<Task>();
        try
        {
            while (true)
            {
                talks.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(talks);
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
                        await writer.WriteLineAsync($"{RecipientAnswer} {(RecipientAnswer == 250 ? "taken" : "not taken")}");
                    }
                    else if (verb == "DATA")
                    {
                        await writer.WriteLineAsync("354 go on");
                        await TakeAsync(reader, to);
                        await writer.WriteLineAsync("250 taken");
                    }
                    else
                    {
                        await writer.WriteLineAsync(verb == "QUIT" ? "221 bye" : "250 fine");
                    }
                }
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The sender hung up, or the test has ended.
        }
    }

    private async Task TakeAsync(StreamReader reader, string to)
    {
        var raw = new StringBuilder();
        var subject = "";
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
        {
            if (line.StartsWith("Subject: ", StringComparison.Ordinal))
            {
                subject = line["Subject: ".Length..];
            }

            raw.Append(line).Append('\n');
        }

        _mails.Enqueue(new TakenMail(to, subject, raw.ToString()));
    }
}
