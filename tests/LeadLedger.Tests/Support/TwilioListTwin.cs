using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using NodaTime;
using NodaTime.Text;

namespace LeadLedger.Tests.Support;

/// <summary>How the stand-in answers a request for a list.</summary>
public enum TwilioListMode
{
    Ok,
    TooManyRequests,
    ServerError,
    Malformed,

    /// <summary>JSON of the right shape whose items are nonsense, between them the real ones.</summary>
    HostileItems,

    /// <summary>A success that never ends growing.</summary>
    Endless,

    /// <summary>The next page is on another server.</summary>
    ForeignNextPage,

    /// <summary>The next page is this one.</summary>
    LoopingNextPage,

    /// <summary>Never answers, until the caller gives up.</summary>
    Hang,
}

/// <summary>A text in or out as Twilio keeps it.</summary>
public sealed record TwinMessage(string Sid, string Direction, string From, string To, string Body, Instant CreatedAt)
{
    /// <summary>Null leaves it to time: queued, and two seconds later sent or received.</summary>
    public string? Status { get; init; }

    public int? ErrorCode { get; init; }

    public int Media { get; init; }
}

/// <summary>A call or leg as Twilio keeps it.</summary>
public sealed record TwinCall(string Sid, string Direction, string From, string To, string Status, Instant StartedAt, Instant EndedAt)
{
    public string? ParentSid { get; init; }

    /// <summary>Seconds; Twilio leaves it empty for calls nobody answered.</summary>
    public int? Duration { get; init; }
}

/// <summary>
/// Twilio's lists of messages and calls as its specification describes them: dates filter by whole days in UTC, newest first, at most
/// a thousand a page and fifty when nothing is said, pages by token. Like the real ones, lists may lag behind.
/// </summary>
public sealed class TwilioListTwin(Action<string> complain)
{
    private static readonly Duration SendingTakes = Duration.FromSeconds(2);
    private static readonly LocalDatePattern Day = LocalDatePattern.CreateWithInvariantCulture("uuuu-MM-dd");

    private readonly Lock _lock = new();
    private readonly List<TwinMessage> _messages = [];
    private readonly List<TwinCall> _calls = [];
    private readonly List<string> _requests = [];
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The stand-in's own clock.</summary>
    public Func<Instant> Now { get; set; } = () => Instant.MaxValue;

    /// <summary>How long after it was made a thing appears in its list.</summary>
    public Duration Lag { get; set; } = Duration.Zero;

    public TwilioListMode Mode { get; set; } = TwilioListMode.Ok;

    /// <summary>Smaller pages than asked for, which the real one may give too.</summary>
    public int MostPerPage { get; set; } = 1000;

    /// <summary>Path and query of every request.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public void Add(TwinMessage message)
    {
        lock (_lock)
        {
            _messages.Add(message);
        }
    }

    public void Add(TwinCall call)
    {
        lock (_lock)
        {
            _calls.Add(call);
        }
    }

    /// <summary>What became of a message.</summary>
    public void SetStatus(string sid, string status, int? errorCode = null)
    {
        lock (_lock)
        {
            var at = _messages.FindIndex(message => message.Sid == sid);
            _messages[at] = _messages[at] with { Status = status, ErrorCode = errorCode };
        }
    }

    public void StopHanging() => _stop.TrySetResult();

    public async Task ServeAsync(HttpContext http)
    {
        lock (_lock)
        {
            _requests.Add(http.Request.Path + http.Request.QueryString);
        }

        if (Refusal(http) is { } refusal)
        {
            complain($"Twilio would refuse the list: {refusal}");
            await AnswerAsync(http, 400, $$"""{"code":20001,"message":"{{refusal}}","more_info":"https://www.twilio.com/docs/errors/20001","status":400}""");
            return;
        }

        switch (Mode)
        {
            case TwilioListMode.TooManyRequests:
                await AnswerAsync(http, 429, """{"code":20429,"message":"Too Many Requests","more_info":"https://www.twilio.com/docs/errors/20429","status":429}""");
                break;
            case TwilioListMode.ServerError:
                await AnswerAsync(http, 503, "<html>away</html>");
                break;
            case TwilioListMode.Malformed:
                await AnswerAsync(http, 200, """{"messages":[{"sid":"SM1", """);
                break;
            case TwilioListMode.Endless:
                await EndlessAsync(http);
                break;
            case TwilioListMode.Hang:
                var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await using (http.RequestAborted.Register(() => gone.TrySetResult()))
                {
                    await Task.WhenAny(gone.Task, _stop.Task);
                }

                http.Abort();
                break;
            default:
                await AnswerAsync(http, 200, Page(http).ToJsonString());
                break;
        }
    }

    private JsonObject Page(HttpContext http)
    {
        var query = http.Request.Query;
        var isCalls = http.Request.Path.Value!.EndsWith("/Calls.json", StringComparison.Ordinal);
        JsonObject[] all;
        lock (_lock)
        {
            all = isCalls
                ? [.. _calls.Where(call => call.EndedAt + Lag <= Now() && Matches(query, call)).OrderByDescending(call => call.StartedAt).Select(JsonOf)]
                : [.. _messages.Where(message => message.CreatedAt + Lag <= Now() && Matches(query, message))
                    .OrderByDescending(message => message.CreatedAt).Select(JsonOf)];
        }

        var asked = int.TryParse(query["PageSize"], CultureInfo.InvariantCulture, out var wanted) ? wanted : 50;
        var size = Math.Min(asked, MostPerPage);
        var page = int.TryParse(query["Page"], CultureInfo.InvariantCulture, out var number) ? number : 0;
        var start = page * size;
        var name = isCalls ? "calls" : "messages";
        var here = http.Request.Path + http.Request.QueryString;
        var items = all.Skip(start).Take(size).Cast<JsonNode>();
        if (Mode == TwilioListMode.HostileItems)
        {
            items = [7, "text", new JsonObject { ["sid"] = 5 }, new JsonObject { ["sid"] = new string('x', 5000), ["status"] = "sent" }, .. items];
        }

        return new JsonObject
        {
            ["first_page_uri"] = PageUri(http, asked, 0),
            ["next_page_uri"] = Mode switch
            {
                TwilioListMode.ForeignNextPage => $"https://elsewhere.example{here}",
                TwilioListMode.LoopingNextPage => here,
                _ => start + size < all.Length ? PageUri(http, asked, page + 1) : null,
            },
            ["previous_page_uri"] = null,
            ["page"] = page,
            ["page_size"] = size,
            ["start"] = start,
            ["end"] = Math.Max(start, Math.Min(start + size, all.Length) - 1),
            ["uri"] = here,
            [name] = new JsonArray([.. items]),
        };
    }

    private static string PageUri(HttpContext http, int size, int page)
    {
        var filters = http.Request.Query.Where(field => field.Key is not ("Page" or "PageToken" or "PageSize"))
            .Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value.ToString())}");
        var token = page == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"&PageToken=PA{page:x32}");
        return string.Create(CultureInfo.InvariantCulture, $"{http.Request.Path}?{string.Join('&', filters)}&PageSize={size}&Page={page}{token}");
    }

    private bool Matches(IQueryCollection query, TwinMessage message) =>
        Is(query["To"], message.To) && Is(query["From"], message.From) && InDays(query, "DateSent", SentAt(message), inclusive: true);

    private static bool Matches(IQueryCollection query, TwinCall call) =>
        Is(query["To"], call.To) && Is(query["From"], call.From) && Is(query["Status"], call.Status) && Is(query["ParentCallSid"], call.ParentSid)
        && InDays(query, "StartTime", call.StartedAt, inclusive: false) && InDays(query, "EndTime", call.EndedAt, inclusive: false);

    private static bool Is(string? wanted, string? value) => string.IsNullOrEmpty(wanted) || wanted == value;

    // A message that has not been sent has no date to be found by.
    private static bool InDays(IQueryCollection query, string field, Instant? at, bool inclusive)
    {
        var day = at?.InUtc().Date;
        bool Holds(string name, Func<LocalDate, LocalDate, bool> test) =>
            query[name].ToString() is not { Length: > 0 } text || (day is { } known && test(known, Day.Parse(text).Value));
        return Holds(field, (known, asked) => known == asked) && Holds($"{field}>", (known, asked) => known >= asked)
            && Holds($"{field}<", (known, asked) => inclusive ? known <= asked : known < asked);
    }

    private JsonObject JsonOf(TwinMessage message) => new()
    {
        ["sid"] = message.Sid,
        ["account_sid"] = TwilioTwin.AccountSid,
        ["api_version"] = "2010-04-01",
        ["direction"] = message.Direction,
        ["from"] = message.From,
        ["to"] = message.To,
        ["body"] = message.Body,
        ["status"] = StatusOf(message),
        ["error_code"] = message.ErrorCode,
        ["error_message"] = null,
        ["num_media"] = message.Media.ToString(CultureInfo.InvariantCulture),
        ["num_segments"] = "1",
        ["date_created"] = Rfc2822(message.CreatedAt),
        ["date_sent"] = SentAt(message) is { } sent ? Rfc2822(sent) : null,
        ["date_updated"] = Rfc2822(SentAt(message) ?? message.CreatedAt),
        ["messaging_service_sid"] = null,
        ["price"] = null,
        ["uri"] = $"/2010-04-01/Accounts/{TwilioTwin.AccountSid}/Messages/{message.Sid}.json",
    };

    private static JsonObject JsonOf(TwinCall call) => new()
    {
        ["sid"] = call.Sid,
        ["account_sid"] = TwilioTwin.AccountSid,
        ["parent_call_sid"] = call.ParentSid,
        ["direction"] = call.Direction,
        ["from"] = call.From,
        ["to"] = call.To,
        ["status"] = call.Status,
        ["start_time"] = Rfc2822(call.StartedAt),
        ["end_time"] = Rfc2822(call.EndedAt),
        ["date_created"] = Rfc2822(call.StartedAt),
        ["date_updated"] = Rfc2822(call.EndedAt),
        ["duration"] = call.Duration?.ToString(CultureInfo.InvariantCulture),
        ["caller_name"] = null,
        ["forwarded_from"] = null,
        ["price"] = null,
        ["uri"] = $"/2010-04-01/Accounts/{TwilioTwin.AccountSid}/Calls/{call.Sid}.json",
    };

    private string StatusOf(TwinMessage message) =>
        message.Status ?? (SentAt(message) is null ? "queued" : message.Direction == "inbound" ? "received" : "sent");

    private Instant? SentAt(TwinMessage message) =>
        message.Status is not null || message.CreatedAt + SendingTakes <= Now() ? message.CreatedAt + SendingTakes : null;

    private static string Rfc2822(Instant at) => at.ToDateTimeUtc().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);

    private static string? Refusal(HttpContext http)
    {
        var credentials = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{TwilioTwin.AccountSid}:{TwilioTwin.AuthToken}"));
        var root = $"/2010-04-01/Accounts/{TwilioTwin.AccountSid}/";
        string[] known = http.Request.Path.Value switch
        {
            var path when path == $"{root}Messages.json" => ["To", "From", "DateSent", "DateSent<", "DateSent>", "PageSize", "Page", "PageToken"],
            var path when path == $"{root}Calls.json" =>
            [
                "To", "From", "ParentCallSid", "Status", "StartTime", "StartTime<", "StartTime>", "EndTime", "EndTime<", "EndTime>", "PageSize", "Page", "PageToken",
            ],
            _ => [],
        };
        var query = http.Request.Query;
        return known.Length == 0 ? $"{http.Request.Path} was not found"
            : http.Request.Headers.Authorization != credentials ? "Authenticate"
            : query.Keys.Except(known).FirstOrDefault() is { } unknown ? $"the parameter {unknown} is not known"
            : query["PageSize"].ToString() is { Length: > 0 } size && (!int.TryParse(size, CultureInfo.InvariantCulture, out var count) || count is < 1 or > 1000)
                ? $"PageSize is {size}"
            : query.FirstOrDefault(field => field.Key.AsSpan().TrimEnd("<>").EndsWith("Time") || field.Key.StartsWith("Date", StringComparison.Ordinal)) is
            { Key: not null } date && !Day.Parse(date.Value.ToString()).Success
                ? $"{date.Key} is {date.Value}"
            : null;
    }

    private static async Task AnswerAsync(HttpContext http, int status, string body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(body);
    }

    private static async Task EndlessAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync("""{"messages":[],"calls":[],"filling":" """);
        var filling = new byte[64 * 1024];
        Array.Fill(filling, (byte)'x');
        try
        {
            // Bounded all the same: 64 MB is more than any reader should take.
            for (var chunk = 0; chunk < 1024 && !http.RequestAborted.IsCancellationRequested; chunk++)
            {
                await http.Response.Body.WriteAsync(filling, http.RequestAborted);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The reader has had enough, as it should.
        }
    }
}
