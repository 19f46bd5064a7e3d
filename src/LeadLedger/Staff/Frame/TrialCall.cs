using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.Hosting;
using LeadLedger.Intake.Twilio;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using NodaTime;

namespace LeadLedger.Staff.Frame;

/// <summary>
/// A missed call of nobody, sent to this service as Twilio would send it and signed with the secrets of this installation for trying out. It
/// takes the whole way a real call takes: over HTTP, through the signature, into the ledger. Nothing is sent anywhere else.
/// </summary>
public sealed class TrialCall(ServiceSettings settings, ServiceAddress address, IServer server, IHttpClientFactory clients, IClock clock)
{
    private const int RangSeconds = 20;

    // 555-0100 to 555-0199 are kept for fiction: nobody can be reached there.
    private const string Nobody = "+12025550";
    private const int FirstNobody = 100;
    private const int Nobodies = 100;

    /// <returns>The lead it made, and the number it came from; or a sentence about what went wrong.</returns>
    public async Task<(Guid? Lead, string From, string? Why)> MakeAsync(Business business, CancellationToken cancellation)
    {
        var now = clock.GetCurrentInstant();
        var from = Nobody + (FirstNobody + (now.ToUnixTimeSeconds() % Nobodies)).ToString(CultureInfo.InvariantCulture);
        if (settings.Trial is not { } trial)
        {
            return (null, from, "Real Twilio credentials are set, so there are no secrets for trying out. Call one of your lines and hang up after it rang.");
        }

        if (business.Lines.Count == 0)
        {
            return (null, from, "The business file names no line. Add one, and start the service again.");
        }

        var id = "CA" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var call = new List<KeyValuePair<string, string>>
        {
            new("AccountSid", trial.Twilio.Sid), new("ApiVersion", "2010-04-01"), new("CallSid", id), new("Direction", "inbound"),
            new("From", from), new("Caller", from), new("To", business.Lines[0].Number.E164), new("Called", business.Lines[0].Number.E164),
        };
        var rang = (now - Duration.FromSeconds(RangSeconds)).ToDateTimeUtc().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
        var (ringing, _) = await PostAsync([.. call, new("CallStatus", "ringing"), new("Timestamp", rang)], trial, cancellation);
        if (ringing is { } early)
        {
            return (null, from, early);
        }

        var (refused, answer) = await PostAsync([.. call, new("CallStatus", "no-answer"), new("CallDuration", "0")], trial, cancellation);
        return refused is null && answer.Text("leadId") is { } lead && Guid.TryParse(lead, out var made)
            ? (made, from, null)
            : (null, from, refused ?? "The call was taken, but it made no lead: look at the quarantine under Sources and lines.");
    }

    private async Task<(string? Why, JsonElement Answer)> PostAsync(
        IReadOnlyList<KeyValuePair<string, string>> fields, TrialSecrets trial, CancellationToken cancellation)
    {
        using var client = clients.CreateClient(nameof(TrialCall));
        client.Timeout = TimeSpan.FromSeconds(15);
        using var request = new HttpRequestMessage(HttpMethod.Post, Own() + TwilioEndpoints.Root) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Add("X-Twilio-Signature", Sign(address.PublicBase + TwilioEndpoints.Root, fields, trial.Twilio.Token));
        try
        {
            using var response = await client.SendAsync(request, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            var answer = text.StartsWith('{') ? JsonDocument.Parse(text).RootElement.Clone() : default;
            return response.IsSuccessStatusCode ? (null, answer)
                : (string.Create(CultureInfo.InvariantCulture, $"The service answered its own call with {(int)response.StatusCode}: {answer.Text("detail") ?? "no reason given"}"), answer);
        }
        catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException or JsonException)
        {
            return ($"The service could not reach itself: {problem.Message}", default);
        }
    }

    // The address it listens on, not the public one: that may lead through a proxy which is not there yet.
    private string Own()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var own = addresses.FirstOrDefault(each => each.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) ?? addresses.FirstOrDefault() ?? address.PublicBase;
        return own.TrimEnd('/').Replace("//[::]", "//localhost", StringComparison.Ordinal).Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal)
            .Replace("//+", "//localhost", StringComparison.Ordinal).Replace("//*", "//localhost", StringComparison.Ordinal);
    }

    private static string Sign(string url, IEnumerable<KeyValuePair<string, string>> fields, string token)
    {
        var signed = new StringBuilder(url);
        foreach (var (name, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            signed.Append(name).Append(value);
        }

#pragma warning disable CA5350 // Twilio's scheme is SHA-1.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(signed.ToString())));
#pragma warning restore CA5350
    }
}
