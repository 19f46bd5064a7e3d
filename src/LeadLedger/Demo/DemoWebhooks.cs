using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadLedger.Hosting;
using LeadLedger.Intake.Twilio;
using NodaTime;

namespace LeadLedger.Demo;

/// <summary>A call of the demo; every callback of it repeats these fields.</summary>
/// <param name="Sid">CA and 32 hex digits.</param>
/// <param name="From">As the provider writes it: E.164, or "anonymous" where the caller withholds the number.</param>
/// <param name="To">The line called.</param>
/// <param name="CallerName">As the carrier shows it; null where it shows none.</param>
internal sealed record DemoCall(string Sid, string From, string To, string? CallerName);

/// <summary>Calls this service as the phone provider and the website do, signed with the demo's own secrets.</summary>
internal sealed class DemoWebhooks(HttpClient http, string publicBase, TrialSecrets secrets)
{
    /// <summary>Webhooks that were answered with success so far.</summary>
    public int Accepted { get; private set; }

    public Task<Guid?> VoiceAsync(DemoCall call) => PostAsync("/voice", Fields(call, "ringing"));

    public Task<Guid?> DialAsync(DemoCall call, string status, bool bridged, int seconds) => PostAsync("/voice/dial",
    [
        .. Fields(call, "in-progress"), new("DialCallStatus", status), new("DialCallSid", "CB" + call.Sid[2..]), new("DialBridged", bridged ? "true" : "false"),
        new("DialCallDuration", Text(seconds)),
    ]);

    public Task<Guid?> RecordingAsync(DemoCall call, int seconds) => PostAsync("/voice/recording",
    [
        new("AccountSid", TrialSecrets.AccountSid), new("CallSid", call.Sid), new("RecordingSid", "RE" + call.Sid[2..]),
        new("RecordingUrl", $"https://recordings.example/RE{call.Sid[2..]}"), new("RecordingStatus", "completed"),
        new("RecordingDuration", Text(seconds)), new("RecordingChannels", "1"), new("RecordingSource", "RecordVerb"),
    ]);

    public Task<Guid?> EndedAsync(DemoCall call, string status, int seconds, Instant at) => PostAsync("",
    [
        .. Fields(call, status), new("CallDuration", Text(seconds)),
        new("Timestamp", at.ToDateTimeUtc().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture)),
    ]);

    public Task<Guid?> SmsAsync(string sid, string from, string to, string body) => PostAsync("/sms",
    [
        new("MessageSid", sid), new("SmsSid", sid), new("SmsMessageSid", sid), new("AccountSid", TrialSecrets.AccountSid), new("From", from),
        new("To", to), new("Body", body), new("NumMedia", "0"), new("NumSegments", "1"), new("SmsStatus", "received"), new("ApiVersion", "2010-04-01"),
    ]);

    /// <summary>How a text that the stand-in took ended.</summary>
    public Task<Guid?> TextStatusAsync(DemoText text)
    {
        var (status, code) = text.Answer == DemoAnswer.Landline ? ("undelivered", "30006") : ("delivered", null);
        return PostAsync(new Uri(text.StatusCallback).AbsolutePath[TwilioEndpoints.Root.Length..],
        [
            new("AccountSid", TrialSecrets.AccountSid), new("From", text.From), new("To", text.To), new("MessageSid", text.Sid), new("SmsSid", text.Sid),
            new("MessageStatus", status), new("SmsStatus", status), new("ApiVersion", "2010-04-01"),
            .. code is null ? Array.Empty<KeyValuePair<string, string>>() : [new("ErrorCode", code)],
        ]);
    }

    /// <summary>A post of the website's server, with the secret both share.</summary>
    public async Task<Guid?> FormAsync(string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/forms/website") { Content = content };
        request.Headers.Add("X-Form-Secret", secrets.FormSecret);
        return await SendAsync(request);
    }

    private async Task<Guid?> PostAsync(string path, IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        using var content = new FormUrlEncodedContent(fields);
        using var request = new HttpRequestMessage(HttpMethod.Post, TwilioEndpoints.Root + path) { Content = content };
        request.Headers.Add("X-Twilio-Signature", Sign(publicBase + TwilioEndpoints.Root + path, fields));
        return await SendAsync(request);
    }

    private async Task<Guid?> SendAsync(HttpRequestMessage request)
    {
        using var response = await http.SendAsync(request);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(
                $"{request.RequestUri} was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }

        Accepted++;
        if (response.Content.Headers.ContentType?.MediaType != "application/json")
        {
            return null;
        }

        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return answer.TryGetProperty("leadId", out var lead) && lead.TryGetGuid(out var id) ? id : null;
    }

    // Base64 of HMAC-SHA1 over the address and the fields, sorted by name.
    private string Sign(string url, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var signed = new StringBuilder(url);
        foreach (var (name, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal).ThenBy(field => field.Value, StringComparer.Ordinal))
        {
            signed.Append(name).Append(value);
        }

#pragma warning disable CA5350 // Twilio's scheme is SHA-1.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secrets.Twilio.Token), Encoding.UTF8.GetBytes(signed.ToString())));
#pragma warning restore CA5350
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Fields(DemoCall call, string status) =>
    [
        new("AccountSid", TrialSecrets.AccountSid), new("ApiVersion", "2010-04-01"), new("CallSid", call.Sid), new("From", call.From), new("Caller", call.From),
        new("To", call.To), new("Called", call.To), new("Direction", "inbound"), new("CallStatus", status),
        .. call.CallerName is { } name ? new KeyValuePair<string, string>[] { new("CallerName", name) } : [],
    ];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
