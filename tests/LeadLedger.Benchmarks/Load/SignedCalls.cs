using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LeadLedger.Benchmarks.Load;

/// <summary>Missed-call webhooks as Twilio sends and signs them, with the fields of its status callback.</summary>
public sealed class SignedCalls(string publicBase, string accountSid, string authToken, string run)
{
    public const string Path = "/api/webhooks/twilio";
    public const string Line = "+12145550100";

    /// <summary>A missed call number <paramref name="number"/> from one of <paramref name="callers"/> callers.</summary>
    public byte[] Request(long number, long callers) => Request(number, Caller(number % callers), null);

    /// <summary>A missed call from a number, with the name that the carrier looked up; null without one.</summary>
    public byte[] Request(long number, string from, string? name)
    {
        List<KeyValuePair<string, string>> fields =
        [
            new("AccountSid", accountSid),
            new("ApiVersion", "2010-04-01"),
            new("CallDuration", "0"),
            new("CallSid", string.Create(CultureInfo.InvariantCulture, $"CA{run}{number:x20}")),
            new("CallStatus", "no-answer"),
            new("CallbackSource", "call-progress-events"),
            new("Called", Line),
            new("CalledCity", "DALLAS"),
            new("CalledCountry", "US"),
            new("CalledState", "TX"),
            new("CalledZip", "75201"),
            new("Caller", from),
            new("CallerCity", "DALLAS"),
            new("CallerCountry", "US"),
            new("CallerState", "TX"),
            new("CallerZip", "75202"),
            new("Direction", "inbound"),
            new("Duration", "0"),
            new("From", from),
            new("SequenceNumber", "0"),
            new("To", Line),
        ];
        if (name is not null)
        {
            fields.Add(new("CallerName", name));
        }

        var signed = new StringBuilder(publicBase).Append(Path);
        var body = new StringBuilder();
        foreach (var (key, value) in fields.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            signed.Append(key).Append(value);
            body.Append(body.Length == 0 ? "" : "&").Append(key).Append('=').Append(Uri.EscapeDataString(value));
        }

#pragma warning disable CA5350 // Twilio's scheme is HMAC-SHA1.
        var signature = Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(authToken), Encoding.UTF8.GetBytes(signed.ToString())));
#pragma warning restore CA5350
        return LoadClient.Http(
            "POST", Path, $"Content-Type: application/x-www-form-urlencoded\r\nX-Twilio-Signature: {signature}\r\n", body.ToString());
    }

    /// <summary>The number of a caller, E.164.</summary>
    public static string Caller(long caller) =>
        string.Create(CultureInfo.InvariantCulture, $"+1{Area(caller / 10_000_000)}{2_000_000 + (caller % 7_999_999):D7}");

    // Texas area codes, so that every number is valid and in one zone.
    private static string Area(long block) => (block % 5) switch
    {
        0 => "214",
        1 => "469",
        2 => "512",
        3 => "713",
        _ => "817",
    };
}
