using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LeadLedger.Tests.Support;

/// <summary>
/// The world outside as one web server on loopback: stand-ins take the paths they know, and a call to any other path is
/// a complaint that fails the test.
/// </summary>
public sealed class Outside : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();
    private WebApplication? _server;

    public Outside() => Twilio = new TwilioTwin(_complaints.Enqueue);

    public TwilioTwin Twilio { get; }

    public CrmTwin Crm { get; } = new();

    /// <summary>Posts into the team's channel, as JSON.</summary>
    public ConcurrentQueue<string> ChannelPosts { get; } = new();

    public string Url { get; private set; } = "";

    public IReadOnlyCollection<string> Complaints => _complaints;

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(ServeAsync);
        await _server.StartAsync();
        Url = _server.Urls.First();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            Twilio.StopHanging();
            await _server.DisposeAsync();
        }
    }

    private async Task ServeAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        if (path.StartsWith("/2010-04-01/", StringComparison.Ordinal))
        {
            await Twilio.ServeAsync(http);
        }
        else if (path == "/crm")
        {
            await Crm.ServeAsync(http, _complaints.Enqueue);
        }
        else if (path == "/channel")
        {
            using var reader = new StreamReader(http.Request.Body);
            ChannelPosts.Enqueue(await reader.ReadToEndAsync());
        }
        else
        {
            _complaints.Enqueue($"nobody expects {http.Request.Method} {path}");
            http.Response.StatusCode = 404;
        }
    }
}
