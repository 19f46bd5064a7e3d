using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LeadLedger.Faults.Webhooks;
using Microsoft.AspNetCore.Http;

namespace LeadLedger.Faults.Twin;

/// <summary>Twilio's Messages resource as its specification describes it: create, fetch and list, with faults by plan.</summary>
internal sealed class TextsTwin(TwinLog log, TwinCallbacks callbacks)
{
    private const string Resource = $"/2010-04-01/Accounts/{SignedWebhooks.AccountSid}/Messages";
    private readonly ConcurrentDictionary<string, Taken> _taken = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<TwinMode> _next = new();
    private readonly Lock _lock = new();
    private TwinPlan _plan = new();
    private Random _random = new(1);
    private long _requests;

    public void Use(TwinPlan plan)
    {
        lock (_lock)
        {
            _plan = plan;
            _random = new Random(plan.Seed);
            _next.Clear();
        }
    }

    /// <summary>Modes of the next requests, before the plan's.</summary>
    public void Next(IEnumerable<TwinMode> modes)
    {
        foreach (var mode in modes)
        {
            _next.Enqueue(mode);
        }
    }

    public async Task ServeAsync(HttpContext http)
    {
        var credentials = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{SignedWebhooks.AccountSid}:{SignedWebhooks.AuthToken}"));
        if (http.Request.Headers.Authorization != credentials)
        {
            await RefuseAsync(http, 401, 20003, "Authenticate");
        }
        else if (http.Request.Method == "GET")
        {
            await ReadAsync(http);
        }
        else if (http.Request.Path == Resource + ".json")
        {
            await CreateAsync(http);
        }
        else
        {
            await RefuseAsync(http, 404, 20404, $"{http.Request.Path} was not found");
        }
    }

    private async Task CreateAsync(HttpContext http)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync() : null;
        if (Wrong(http, form) is { } wrong)
        {
            await RefuseAsync(http, 400, 20001, wrong);
            return;
        }

        TwinPlan plan;
        TwinMode mode;
        TwinCallback callback;
        lock (_lock)
        {
            plan = _plan;
            mode = plan.OnlyTo is { } only && only != form!["To"] ? TwinMode.Ok
                : _next.TryDequeue(out var next) ? next : Draw(plan.Modes);
            callback = Draw(plan.Callbacks);
        }

        var request = Interlocked.Increment(ref _requests);
        var record = new TwinRecord
        {
            What = "received",
            At = TwinLog.Now,
            Request = request,
            To = form!["To"],
            From = form["From"],
            Body = form["Body"],
            Callback = form["StatusCallback"],
            Validity = int.Parse(form["ValidityPeriod"]!, CultureInfo.InvariantCulture),
            Mode = mode.ToString(),
        };
        await log.WriteAsync(record);
        Taken? taken = null;
        if (mode is TwinMode.Ok or TwinMode.AcceptedThenDropped or TwinMode.AcceptedThenHangs or TwinMode.AcceptedThen500 or TwinMode.Slow or TwinMode.Malformed)
        {
            taken = new Taken(
                "SM" + request.ToString("x32", CultureInfo.InvariantCulture), record.To!, record.From!, record.Body!, DateTimeOffset.UtcNow);
            await log.WriteAsync(record with { What = "accepted", At = TwinLog.Now, Sid = taken.Sid });
            _taken[taken.Sid] = taken;
            callbacks.Report(taken.Sid, record, callback);
        }

        await AnswerAsync(http, plan, mode, taken);
    }

    private static async Task AnswerAsync(HttpContext http, TwinPlan plan, TwinMode mode, Taken? taken)
    {
        switch (mode)
        {
            case TwinMode.Ok:
                await JsonAsync(http, 201, Json(taken!, "queued"));
                break;
            case TwinMode.Slow:
                await Task.Delay(plan.SlowMs);
                await JsonAsync(http, 201, Json(taken!, "queued"));
                break;
            case TwinMode.Malformed:
                await JsonAsync(http, 200, "<html>welcome</html>");
                break;
            case TwinMode.TooMany:
                http.Response.Headers.RetryAfter = "1";
                await JsonAsync(http, 429, Error(20429, 429, "Too Many Requests"));
                break;
            case TwinMode.Rejected:
                await JsonAsync(http, 400, Error(plan.RejectCode, 400, "The message was not taken"));
                break;
            case TwinMode.Refused500 or TwinMode.AcceptedThen500:
                await JsonAsync(http, 500, Error(20500, 500, "Internal Server Error"));
                break;
            case TwinMode.Hangs or TwinMode.AcceptedThenHangs:
                try
                {
                    await Task.Delay(plan.HangMs, http.RequestAborted);
                }
                catch (OperationCanceledException)
                {
                    // The caller gave up first, as it should.
                }

                http.Abort();
                break;
            default:
                http.Abort();
                break;
        }
    }

    // Fetch of one message, or the list filtered by To, From and DateSent; it shows a message only some time after it was taken.
    private async Task ReadAsync(HttpContext http)
    {
        var visible = DateTimeOffset.UtcNow.AddMilliseconds(-_plan.ListLagMs);
        var path = http.Request.Path.Value!;
        if (path.StartsWith(Resource + "/", StringComparison.Ordinal))
        {
            var sid = path[(Resource.Length + 1)..].Replace(".json", "", StringComparison.Ordinal);
            await (_taken.TryGetValue(sid, out var one) && one.At <= visible
                ? JsonAsync(http, 200, Json(one, "delivered"))
                : RefuseAsync(http, 404, 20404, "The requested resource was not found"));
            return;
        }

        var query = http.Request.Query;
        var found = _taken.Values.Where(text => text.At <= visible
            && (query["To"].Count == 0 || query["To"] == text.To) && (query["From"].Count == 0 || query["From"] == text.From)
            && Within(query["DateSent>"], query["DateSent<"], query["DateSent"], text.At));
        var page = found.OrderByDescending(text => text.At).Take(int.TryParse(query["PageSize"], CultureInfo.InvariantCulture, out var size) ? size : 50);
        await JsonAsync(http, 200, $$"""{"messages":[{{string.Join(',', page.Select(text => Json(text, "delivered")))}}],"next_page_uri":null,"page":0}""");
    }

    // Twilio compares whole days in UTC when only a date is given.
    private static bool Within(string? after, string? before, string? on, DateTimeOffset at) =>
        (Parsed(after) is not { } from || (after!.Length == 10 ? at.Date >= from.Date : at >= from))
        && (Parsed(before) is not { } to || (before!.Length == 10 ? at.Date <= to.Date : at <= to))
        && (Parsed(on) is not { } day || at.Date == day.Date);

    private static DateTimeOffset? Parsed(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    private async Task RefuseAsync(HttpContext http, int status, int code, string words)
    {
        await log.WriteAsync(new TwinRecord { What = "complaint", At = TwinLog.Now, Detail = $"{http.Request.Method} {http.Request.Path}: {words}" });
        await JsonAsync(http, status, Error(code, status, words));
    }

    private static async Task JsonAsync(HttpContext http, int status, string body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(body);
    }

    private static string Json(Taken text, string status) => $$"""
        {"account_sid":"{{SignedWebhooks.AccountSid}}","api_version":"2010-04-01","body":{{JsonSerializer.Serialize(text.Body)}},
        "date_created":"{{Rfc2822(text.At)}}","date_sent":"{{Rfc2822(text.At)}}","date_updated":"{{Rfc2822(text.At)}}","direction":"outbound-api",
        "error_code":null,"error_message":null,"from":"{{text.From}}","num_media":"0","num_segments":"1","price":null,
        "sid":"{{text.Sid}}","status":"{{status}}","to":"{{text.To}}","uri":"{{Resource}}/{{text.Sid}}.json"}
        """;

    private static string Rfc2822(DateTimeOffset at) => at.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);

    private static string Error(int code, int status, string words) => JsonSerializer.Serialize(
        new { code, message = words, more_info = $"https://www.twilio.com/docs/errors/{code}", status });

    private static string? Wrong(HttpContext http, IFormCollection? form)
    {
        if (form is null)
        {
            return $"a body of type {http.Request.ContentType}";
        }

        var body = form["Body"].ToString();
        return !IsE164(form["To"]) ? $"To is {form["To"]}"
            : !IsE164(form["From"]) ? $"From is {form["From"]}"
            : body.Length is 0 or > 1600 ? $"a body of {body.Length} characters"
            : !Uri.TryCreate(form["StatusCallback"], UriKind.Absolute, out _) ? "StatusCallback is no address"
            : !int.TryParse(form["ValidityPeriod"], CultureInfo.InvariantCulture, out var validity) || validity is < 1 or > 36_000
                ? $"ValidityPeriod is {form["ValidityPeriod"]}"
            : null;
    }

    private static bool IsE164(string? text) =>
        text is ['+', not '0', ..] && text.Length is >= 8 and <= 16 && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    private T Draw<T>(IReadOnlyDictionary<T, int> weights)
        where T : struct
    {
        var roll = _random.Next(Math.Max(1, weights.Values.Sum()));
        foreach (var (choice, weight) in weights)
        {
            if ((roll -= weight) < 0)
            {
                return choice;
            }
        }

        return default;
    }

    private sealed record Taken(string Sid, string To, string From, string Body, DateTimeOffset At);
}
