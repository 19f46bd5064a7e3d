using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace LeadLedger.Tests.Support;

/// <summary>Calls the service as Twilio does, with a genuine X-Twilio-Signature over the public address.</summary>
public sealed class TwilioWebhooks(HttpClient http, string publicBase, ManualClock clock)
{
    /// <summary>Another account, of a business that has its own.</summary>
    public const string SecondAccount = "AC22222222222222222222222222222222";

    public const string SecondToken = "another-token-for-tests";

    private const string Root = "/api/webhooks/twilio";
    private static int _messages;

    public Task<WebReply> VoiceAsync(TestCall call) => PostAsync("/voice", [.. Fields(call, "ringing")]);

    /// <summary>A status of the call itself.</summary>
    public Task<WebReply> CallStatusAsync(TestCall call, string? status, int? duration = null, Instant? at = null) =>
        PostAsync("", CallStatusFields(call, status, duration, at));

    /// <summary>A status of the leg that rings the phone of the business.</summary>
    public Task<WebReply> LegAsync(TestCall call, string status, Instant? at = null) => PostAsync("", LegFields(call, status, at));

    public Task<WebReply> DialAsync(TestCall call, string status, bool bridged = false, int? seconds = null) =>
        PostAsync("/voice/dial", DialFields(call, status, bridged, seconds));

    public Task<WebReply> RecordingAsync(TestCall call, int seconds = 17, string status = "completed") =>
        PostAsync("/voice/recording", RecordingFields(call, seconds, status));

    public Task<WebReply> SmsAsync(string from, string body, string to = TestBusiness.MainLine, string? optOutType = null, string? sid = null) =>
        PostAsync("/sms", [.. SmsFields(from, body, to, sid ?? NextMessageSid()),
            .. optOutType is null ? Array.Empty<KeyValuePair<string, string>>() : [new("OptOutType", optOutType)]]);

    /// <summary>What became of a text that the stand-in was asked to send.</summary>
    public Task<WebReply> SmsStatusAsync(TwilioText text, string status, int? errorCode = null) => PostAsync(
        new Uri(text.StatusCallback).AbsolutePath[Root.Length..],
        [
            new("AccountSid", TwilioTwin.AccountSid), new("From", text.From), new("To", text.To), new("MessageSid", text.Sid),
            new("SmsSid", text.Sid), new("MessageStatus", status), new("SmsStatus", status), new("ApiVersion", "2010-04-01"),
            .. errorCode is { } code
                ? new[] { new KeyValuePair<string, string>("ErrorCode", code.ToString(CultureInfo.InvariantCulture)) }
                : [],
        ]);

    /// <summary>The missed call in one request, for people who only set a status callback: rang twenty seconds.</summary>
    public async Task<WebReply> MissedCallAsync(TestCall call)
    {
        await CallStatusAsync(call, "ringing", null, clock.Now - Duration.FromSeconds(20));
        return await CallStatusAsync(call, "no-answer", 0);
    }

    public static KeyValuePair<string, string>[] CallStatusFields(TestCall call, string? status, int? duration, Instant? at) =>
    [
        .. Fields(call, status),
        .. duration is { } seconds ? new[] { Pair("CallDuration", seconds.ToString(CultureInfo.InvariantCulture)) } : [],
        .. at is { } instant ? new[] { Pair("Timestamp", Rfc2822(instant)) } : [],
    ];

    public static KeyValuePair<string, string>[] LegFields(TestCall call, string status, Instant? at) =>
    [
        new("AccountSid", TwilioTwin.AccountSid), new("CallSid", call.LegSid), new("ParentCallSid", call.Sid), new("From", call.From),
        new("To", "+12145550111"), new("CallStatus", status), new("Direction", "outbound-dial"),
        .. at is { } instant ? new[] { Pair("Timestamp", Rfc2822(instant)) } : [],
    ];

    public static KeyValuePair<string, string>[] DialFields(TestCall call, string status, bool bridged, int? seconds) =>
    [
        .. Fields(call, "in-progress"), new("DialCallStatus", status), new("DialCallSid", call.LegSid),
        new("DialBridged", bridged ? "true" : "false"),
        .. seconds is { } length ? new[] { Pair("DialCallDuration", length.ToString(CultureInfo.InvariantCulture)) } : [],
    ];

    public static KeyValuePair<string, string>[] RecordingFields(TestCall call, int seconds, string status) =>
    [
        new("AccountSid", TwilioTwin.AccountSid), new("CallSid", call.Sid), new("RecordingSid", "RE" + call.Sid[2..]),
        new("RecordingUrl", $"https://api.twilio.com/2010-04-01/Accounts/{TwilioTwin.AccountSid}/Recordings/RE{call.Sid[2..]}"),
        new("RecordingStatus", status), new("RecordingDuration", seconds.ToString(CultureInfo.InvariantCulture)),
        new("RecordingChannels", "1"), new("RecordingSource", "RecordVerb"),
    ];

    public static KeyValuePair<string, string>[] SmsFields(string from, string body, string to, string sid) =>
    [
        new("MessageSid", sid), new("SmsSid", sid), new("SmsMessageSid", sid), new("AccountSid", TwilioTwin.AccountSid),
        new("From", from), new("To", to), new("Body", body), new("NumMedia", "0"), new("NumSegments", "1"),
        new("SmsStatus", "received"), new("ApiVersion", "2010-04-01"),
    ];

    public static string NextMessageSid() => "SN" + Interlocked.Increment(ref _messages).ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>Posts form fields below Twilio's root, signed.</summary>
    public Task<WebReply> PostAsync(string path, IReadOnlyList<KeyValuePair<string, string>> fields, string token = TwilioTwin.AuthToken) =>
        SendAsync(path, fields, Sign(publicBase + Root + path, fields, token));

    /// <summary>Posts form fields with a signature of the caller's choice, or none.</summary>
    public async Task<WebReply> SendAsync(string path, IReadOnlyList<KeyValuePair<string, string>> fields, string? signature)
    {
        using var content = new FormUrlEncodedContent(fields);
        return await SendAsync(path, content, signature);
    }

    /// <summary>Posts a body exactly as it is.</summary>
    public async Task<WebReply> SendRawAsync(string path, byte[] body, string contentType, string? signature)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return await SendAsync(path, content, signature);
    }

    /// <summary>Base64 of HMAC-SHA1 over the address and the sorted fields, from Twilio's description.</summary>
    public static string Sign(string url, IEnumerable<KeyValuePair<string, string>> fields, string token)
    {
        var signed = new StringBuilder(url);
        foreach (var (name, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal).ThenBy(field => field.Value, StringComparer.Ordinal))
        {
            signed.Append(name).Append(value);
        }

#pragma warning disable CA5350 // Twilio's scheme is SHA-1.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(signed.ToString())));
#pragma warning restore CA5350
    }

    public string UrlOf(string path) => publicBase + Root + path;

    private static IEnumerable<KeyValuePair<string, string>> Fields(TestCall call, string? status) =>
    [
        new("AccountSid", TwilioTwin.AccountSid), new("ApiVersion", "2010-04-01"), new("CallSid", call.Sid), new("From", call.From),
        new("Caller", call.From), new("To", call.To), new("Called", call.To), new("Direction", "inbound"),
        .. status is null ? Array.Empty<KeyValuePair<string, string>>() : [new("CallStatus", status)],
        .. call.CallerName is { } name ? new[] { Pair("CallerName", name) } : [],
        .. call.Extra,
    ];

    private static KeyValuePair<string, string> Pair(string name, string value) => new(name, value);

    private static string Rfc2822(Instant at) => at.ToDateTimeUtc().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);

    private async Task<WebReply> SendAsync(string path, HttpContent content, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Root + path) { Content = content };
        if (signature is not null)
        {
            request.Headers.Add("X-Twilio-Signature", signature);
        }

        return await WebReply.ReadAsync(await http.SendAsync(request));
    }
}
