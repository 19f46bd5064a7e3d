using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadLedger.Faults.Processes;

namespace LeadLedger.Faults.Webhooks;

/// <summary>
/// Webhooks as Twilio and a website send them. The signature is computed here from Twilio's description: base64 of HMAC-SHA1 under the auth
/// token over the public address followed by every field, sorted by name.
/// </summary>
public static class SignedWebhooks
{
    public const string AccountSid = "AC11111111111111111111111111111111";
    public const string AuthToken = "a-token-for-fault-tests-only";
    public const string FormSecret = "form secret for fault tests";
    public const string Form = "website";

    /// <summary>The line that is called and texted.</summary>
    public const string Line = "+12145550100";

    private const string Root = "/api/webhooks/twilio";

    public static Webhook Voice(string callSid, string from) =>
        Twilio("voice", "/voice", "twilio.voice", $"voice:{callSid}", callSid, from, Call(callSid, from, "ringing"));

    /// <summary>Nobody answered the phone that rang.</summary>
    public static Webhook DialNoAnswer(string callSid, string from) =>
        Twilio("dial", "/voice/dial", "twilio.dial", $"dial:{callSid}", callSid, from,
        [
            .. Call(callSid, from, "in-progress"), new("DialCallStatus", "no-answer"), new("DialCallSid", "CB" + callSid[2..]), new("DialBridged", "false"),
        ]);

    /// <summary>The final status of the call itself.</summary>
    public static Webhook CallCompleted(string callSid, string from) =>
        Twilio("status", "", "twilio.call", $"status:{callSid}:completed", callSid, from, [.. Call(callSid, from, "completed"), new("CallDuration", "21")]);

    public static Webhook Text(string messageSid, string from, string body, string kind = "text") =>
        Twilio(kind, "/sms", "twilio.sms", messageSid, messageSid, from,
        [
            new("MessageSid", messageSid), new("SmsSid", messageSid), new("SmsMessageSid", messageSid), new("AccountSid", AccountSid),
            new("From", from), new("To", Line), new("Body", body), new("NumMedia", "0"), new("NumSegments", "1"),
            new("SmsStatus", "received"), new("ApiVersion", "2010-04-01"),
        ]);

    public static Webhook Stop(string messageSid, string from) => Text(messageSid, from, "STOP", "stop");

    /// <summary>A status callback of one of the service's own texts.</summary>
    /// <param name="callback">The address the service gave with the text.</param>
    /// <param name="sid">Our id of the text.</param>
    /// <param name="status">sent, delivered, failed …</param>
    /// <param name="from">The line it was sent from.</param>
    /// <param name="to">The person.</param>
    public static Webhook TextStatus(string callback, string sid, string status, string from, string to) => Twilio(
        "status", new Uri(callback).PathAndQuery[Root.Length..], "twilio.sms_status", $"{sid}:{status}", sid, to,
        [
            new("AccountSid", AccountSid), new("From", from), new("To", to), new("MessageSid", sid), new("SmsSid", sid),
            new("MessageStatus", status), new("SmsStatus", status), new("ApiVersion", "2010-04-01"),
        ]);

    /// <summary>A form with consent to be texted.</summary>
    public static Webhook FormPost(string submissionId, string name, string phone, string? email, string message)
    {
        var fields = new Dictionary<string, string?>
        {
            ["id"] = submissionId,
            ["name"] = name,
            ["phone"] = phone,
            ["message"] = message,
            ["sms_consent"] = "yes",
        };
        if (email is not null)
        {
            fields["email"] = email;
        }

        return new Webhook
        {
            Kind = "form",
            Path = $"/api/webhooks/forms/{Form}",
            Body = JsonSerializer.SerializeToUtf8Bytes(fields),
            ContentType = "application/json",
            Headers = [new("X-Form-Secret", FormSecret), new("Idempotency-Key", submissionId)],
            Source = $"form:{Form}",
            Key = $"key:{submissionId}",
            Subject = submissionId,
            Phone = phone,
        };
    }

    public static string Sign(string url, IEnumerable<KeyValuePair<string, string>> fields, string token)
    {
        var text = new StringBuilder(url);
        foreach (var (name, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append(value);
        }

#pragma warning disable CA5350 // The provider's scheme is SHA-1.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(text.ToString())));
#pragma warning restore CA5350
    }

    private static KeyValuePair<string, string>[] Call(string callSid, string from, string status) =>
    [
        new("AccountSid", AccountSid), new("ApiVersion", "2010-04-01"), new("CallSid", callSid), new("From", from), new("Caller", from),
        new("To", Line), new("Called", Line), new("Direction", "inbound"), new("CallStatus", status),
    ];

    private static Webhook Twilio(
        string kind, string path, string source, string key, string subject, string phone, KeyValuePair<string, string>[] fields) => new()
        {
            Kind = kind,
            Path = Root + path,
            Body = Encoding.ASCII.GetBytes(string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"))),
            ContentType = "application/x-www-form-urlencoded",
            Headers = [new("X-Twilio-Signature", Sign(ServiceProcess.PublicBase + Root + path, fields, AuthToken))],
            Source = source,
            Key = key,
            Subject = subject,
            Phone = phone,
        };
}
