using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LeadLedger.Tests.Support;

/// <summary>How the stand-in answers one request to send a text.</summary>
public enum TwilioMode
{
    Ok,

    /// <summary>Refuses with <see cref="TwilioTwin.RejectCode"/>.</summary>
    Reject,

    /// <summary>Takes the text; the answer is lost on its way back.</summary>
    AcceptedAnswerLost,

    /// <summary>Does nothing; the connection breaks after the request was read.</summary>
    NothingDoneAnswerLost,
    TooManyRequests,
    ServerError,

    /// <summary>Never answers, until the caller gives up.</summary>
    Hang,

    /// <summary>A success that is no JSON.</summary>
    Malformed,
}

/// <summary>A text that the stand-in was asked to send.</summary>
public sealed record TwilioText(
    string Sid, string To, string From, string Body, string StatusCallback, int ValiditySeconds, bool Taken);

/// <summary>
/// Twilio's Messages resource as its specification describes it: basic authentication, form encoding, required fields, its error
/// JSON. Whatever the real one would refuse is also a complaint, so that no test passes on a request Twilio would not take.
/// </summary>
public sealed class TwilioTwin(Action<string> complain)
{
    public const string AccountSid = "AC11111111111111111111111111111111";
    public const string AuthToken = "a-token-for-tests-only";

    private readonly ConcurrentQueue<TwilioText> _requests = new();
    private readonly ConcurrentQueue<TwilioMode> _next = new();
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <summary>The answer where <see cref="Next"/> has nothing queued.</summary>
    public TwilioMode Mode { get; set; } = TwilioMode.Ok;

    /// <summary>Only texts to this number get a mode other than <see cref="TwilioMode.Ok"/>; null means all.</summary>
    public string? OnlyTo { get; set; }

    public int RejectCode { get; set; } = 21610;

    /// <summary>Runs while a request is being handled, before it is answered.</summary>
    public Func<TwilioText, Task>? Meanwhile { get; set; }

    /// <summary>Every request, also those that were not taken.</summary>
    public IReadOnlyList<TwilioText> Requests => [.. _requests];

    public IReadOnlyList<TwilioText> To(string number) => [.. _requests.Where(text => text.To == number)];

    public void Next(params ReadOnlySpan<TwilioMode> modes)
    {
        foreach (var mode in modes)
        {
            _next.Enqueue(mode);
        }
    }

    public void StopHanging()
    {
        _stop.TrySetResult();
        Lists.StopHanging();
    }

    /// <summary>The lists of what this account sent and received.</summary>
    public TwilioListTwin Lists { get; } = new(complain);

    public async Task ServeAsync(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method))
        {
            await Lists.ServeAsync(http);
            return;
        }

        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync() : null;
        if (Refusal(http, form) is { } refusal)
        {
            complain($"Twilio would refuse: {refusal}");
            http.Response.StatusCode = 400;
            await http.Response.WriteAsync(Error(20001, 400, refusal));
            return;
        }

        var to = form!["To"].ToString();
        var mode = OnlyTo is not null && OnlyTo != to ? TwilioMode.Ok : _next.TryDequeue(out var next) ? next : Mode;
        var text = new TwilioText(
            "SM" + Interlocked.Increment(ref _count).ToString("x32", CultureInfo.InvariantCulture),
            to,
            form["From"].ToString(),
            form["Body"].ToString(),
            form["StatusCallback"].ToString(),
            int.Parse(form["ValidityPeriod"].ToString(), CultureInfo.InvariantCulture),
            mode is TwilioMode.Ok or TwilioMode.AcceptedAnswerLost);
        _requests.Enqueue(text);
        if (text.Taken)
        {
            Lists.Add(new TwinMessage(text.Sid, "outbound-api", text.From, text.To, text.Body, Lists.Now()));
        }

        if (Meanwhile is not null)
        {
            await Meanwhile(text);
        }

        await AnswerAsync(http, mode, text);
    }

    private async Task AnswerAsync(HttpContext http, TwilioMode mode, TwilioText text)
    {
        switch (mode)
        {
            case TwilioMode.Ok:
                await JsonAsync(http, 201, $$"""
                    {"account_sid":"{{AccountSid}}","api_version":"2010-04-01","direction":"outbound-api","error_code":null,
                    "error_message":null,"num_segments":"1","price":null,"sid":"{{text.Sid}}","status":"queued","to":"{{text.To}}"}
                    """);
                break;
            case TwilioMode.Reject:
                await JsonAsync(http, 400, Error(RejectCode, 400, RejectCode == 21610
                    ? "Attempt to send to unsubscribed recipient"
                    : $"The 'To' number {text.To} is not a valid phone number."));
                break;
            case TwilioMode.TooManyRequests:
                await JsonAsync(http, 429, Error(20429, 429, "Too Many Requests"));
                break;
            case TwilioMode.ServerError:
                await JsonAsync(http, 500, Error(20500, 500, "Internal Server Error"));
                break;
            case TwilioMode.Malformed:
                await JsonAsync(http, 200, "<html>welcome</html>");
                break;
            case TwilioMode.Hang:
                var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await using (http.RequestAborted.Register(() => gone.TrySetResult()))
                {
                    await Task.WhenAny(gone.Task, _stop.Task);
                }

                http.Abort();
                break;
            default:
                http.Abort();
                break;
        }
    }

    private static Task JsonAsync(HttpContext http, int status, string body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body);
    }

    private static string Error(int code, int status, string message) =>
        $$"""{"code":{{code}},"message":"{{message}}","more_info":"https://www.twilio.com/docs/errors/{{code}}","status":{{status}}}""";

    private static string? Refusal(HttpContext http, IFormCollection? form)
    {
        var credentials = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{AccountSid}:{AuthToken}"));
        if (http.Request.Method != "POST" || http.Request.Path != $"/2010-04-01/Accounts/{AccountSid}/Messages.json")
        {
            return $"{http.Request.Method} {http.Request.Path} was not found";
        }

        if (http.Request.Headers.Authorization != credentials)
        {
            return "Authenticate";
        }

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
}
