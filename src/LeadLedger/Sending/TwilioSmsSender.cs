using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.EventStore.Faults;
using LeadLedger.Hosting;
using LeadLedger.Intake;

namespace LeadLedger.Sending;

/// <summary>
/// Twilio's Messages resource over HTTP (contracts 2.3). It has no idempotency key, so there is exactly one attempt, and every
/// outcome that is not certain is said to be unknown.
/// </summary>
public sealed class TwilioSmsSender(HttpClient http, TwilioAccounts accounts, ServiceAddress address, CallDeadline callDeadline) : ISmsSender
{
    private const int LargestAnswer = 64 * 1024;

    public bool IsLive(Business business) => accounts.Of(business) is not null;

    public async Task<SendResult> SendAsync(Business business, SmsMessage message, CancellationToken cancellation)
    {
        if (accounts.Of(business) is not { } account)
        {
            return new SendResult.Accepted("recorded") { RecordedOnly = true };
        }

        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"{accounts.ApiBase}/2010-04-01/Accounts/{account.Sid}/Messages.json")
        {
            Content = new FormUrlEncodedContent(
            [
                new("To", message.To),
                new("From", message.From),
                new("Body", message.Body),
                new("StatusCallback", PublicUrl.Of(address.PublicBase, message.StatusPath)),
                new("ValidityPeriod", message.ValiditySeconds.ToString(CultureInfo.InvariantCulture)),
            ]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.Sid}:{account.Token}")));
        using var deadline = callDeadline.Start(cancellation);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            return await ReadAsync(response, deadline.Token);
        }
        catch (HttpRequestException exception) when (NothingLeft(exception))
        {
            return new SendResult.NotSent("the provider could not be reached");
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            return PlantedDefect.Is(Defects.ResendOnTimeout)
                ? new SendResult.NotSent("the provider did not answer in time")
                : new SendResult.Unknown("the provider did not answer in time");
        }
    }

    private static async Task<SendResult> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        // 429 is the one answer that promises that nothing was done (contracts 2.5).
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
        {
            return new SendResult.NotSent("the provider asks to slow down");
        }

        if ((int)response.StatusCode >= 500 || response.StatusCode == HttpStatusCode.RequestTimeout)
        {
            return PlantedDefect.Is(Defects.ResendOnServerError)
                ? new SendResult.NotSent($"the provider answered {(int)response.StatusCode}")
                : new SendResult.Unknown($"the provider answered {(int)response.StatusCode}");
        }

        var body = await ReadLimitedAsync(response, cancellation);
        if (response.IsSuccessStatusCode)
        {
            return Sid(body) is { } sid
                ? new SendResult.Accepted(sid)
                : new SendResult.Unknown("the provider's answer names no message");
        }

        var error = TwilioError.Read((int)response.StatusCode, body);
        return new SendResult.Refused(error.Code?.ToString(CultureInfo.InvariantCulture), error.Message ?? $"the provider answered {(int)response.StatusCode}");
    }

    private static async Task<byte[]> ReadLimitedAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while (body.Length < LargestAnswer && (read = await stream.ReadAsync(buffer, cancellation)) > 0)
        {
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private static string? Sid(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("sid", out var sid)
                && sid.ValueKind == JsonValueKind.String && sid.GetString() is { Length: > 0 and <= 64 } text ? text : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Name look-up, connection or TLS failed: not a byte of the request has left.
    private static bool NothingLeft(HttpRequestException exception) =>
        exception.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError
        && exception.InnerException is not IOException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionReset } };
}
