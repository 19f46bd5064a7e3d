using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Threading.Channels;
using NodaTime;

namespace LeadLedger.Demo;

/// <summary>How the stand-in answers one request to send a text.</summary>
internal enum DemoAnswer
{
    /// <summary>Takes it; the phone gets it.</summary>
    Delivered,

    /// <summary>Takes it; the carrier says later that it is a landline.</summary>
    Landline,

    /// <summary>Takes it, but neither the answer nor a callback arrives; only its list tells.</summary>
    AnswerLost,

    /// <summary>The connection breaks, and nobody ever learns more.</summary>
    NothingKnown,

    /// <summary>Asks to come back later.</summary>
    SlowDown,
}

/// <summary>A text that the stand-in took.</summary>
internal sealed record DemoText(string Sid, string To, string From, string Body, string StatusCallback, DemoAnswer Answer, Instant At);

/// <summary>
/// Stands in for the phone provider: a web server on loopback that takes texts and keeps them to itself. What it took waits in
/// <see cref="Taken"/> until somebody reports how it went, as the provider's callbacks would.
/// </summary>
internal sealed class DemoProvider(IClock clock) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<DemoAnswer>> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<DemoText> _listed = new();
    private readonly Channel<DemoText> _taken = Channel.CreateUnbounded<DemoText>();
    private WebApplication? _server;

    public string Url { get; private set; } = "";

    public ChannelReader<DemoText> Taken => _taken.Reader;

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

    /// <summary>Plans the answers to the next texts to a number; after them, and to every other number, texts are delivered.</summary>
    public void Plan(string number, IEnumerable<DemoAnswer> answers) => _answers[number] = new ConcurrentQueue<DemoAnswer>(answers);

    /// <summary>Nothing is taken any more.</summary>
    public void Stop() => _taken.Writer.TryComplete();

    public async ValueTask DisposeAsync()
    {
        Stop();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task ServeAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        if (HttpMethods.IsPost(http.Request.Method) && path.EndsWith("/Messages.json", StringComparison.Ordinal) && http.Request.HasFormContentType)
        {
            await TakeAsync(http);
        }
        else if (HttpMethods.IsGet(http.Request.Method) && path.EndsWith("/Messages.json", StringComparison.Ordinal))
        {
            await http.Response.WriteAsJsonAsync(new Dictionary<string, object> { ["messages"] = _listed.Select(Listed).ToArray() });
        }
        else if (HttpMethods.IsGet(http.Request.Method) && path.EndsWith("/Calls.json", StringComparison.Ordinal))
        {
            // Every call's webhooks came, so there is nothing in this list that the ledger does not have.
            await http.Response.WriteAsJsonAsync(new Dictionary<string, object> { ["calls"] = Array.Empty<object>() });
        }
        else
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private async Task TakeAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        var to = form["To"].ToString();
        var answer = _answers.TryGetValue(to, out var planned) && planned.TryDequeue(out var next) ? next : DemoAnswer.Delivered;
        if (answer == DemoAnswer.SlowDown)
        {
            http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            await http.Response.WriteAsJsonAsync(new Dictionary<string, object> { ["code"] = 20429, ["message"] = "Too Many Requests", ["status"] = 429 });
            return;
        }

        if (answer == DemoAnswer.NothingKnown)
        {
            http.Abort();
            return;
        }

        var text = new DemoText(
            "SM" + RandomNumberGenerator.GetHexString(32, lowercase: true), to, form["From"].ToString(), form["Body"].ToString(),
            form["StatusCallback"].ToString(), answer, clock.GetCurrentInstant());
        _listed.Enqueue(text);
        if (answer == DemoAnswer.AnswerLost)
        {
            http.Abort();
            return;
        }

        _taken.Writer.TryWrite(text);
        http.Response.StatusCode = StatusCodes.Status201Created;
        await http.Response.WriteAsJsonAsync(new Dictionary<string, object> { ["sid"] = text.Sid, ["status"] = "queued", ["to"] = to });
    }

    private static Dictionary<string, object> Listed(DemoText text)
    {
        var at = text.At.ToDateTimeUtc().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
        return new Dictionary<string, object>
        {
            ["sid"] = text.Sid,
            ["direction"] = "outbound-api",
            ["from"] = text.From,
            ["to"] = text.To,
            ["body"] = text.Body,
            ["status"] = text.Answer == DemoAnswer.Landline ? "undelivered" : "delivered",
            ["num_media"] = "0",
            ["date_created"] = at,
            ["date_sent"] = at,
        };
    }
}
