using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace LeadLedger.Tests.Support;

/// <summary>Posts web forms as a website's server does.</summary>
public sealed class FormPosts(HttpClient http)
{
    private static int _count;

    /// <summary>Posts fields as JSON with the form's secret.</summary>
    public Task<WebReply> PostAsync(string form, object fields, string? secret = TestBusiness.FormSecret) =>
        PostRawAsync(form, JsonSerializer.SerializeToUtf8Bytes(fields), "application/json", secret);

    public async Task<WebReply> PostRawAsync(
        string form, byte[] body, string contentType, string? secret = TestBusiness.FormSecret, string? idempotencyKey = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/webhooks/forms/{form}") { Content = content };
        if (secret is not null)
        {
            request.Headers.Add("X-Form-Secret", secret);
        }

        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return await WebReply.ReadAsync(await http.SendAsync(request));
    }

    /// <summary>A submission with consent to be texted, under an id of its own.</summary>
    public Task<WebReply> WebsiteAsync(
        string? name = null, string? phone = null, string? email = null, string? message = null, bool consent = true, string? id = null, string form = "website") =>
        PostAsync(form, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["id"] = id ?? "sub-" + Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture),
            ["name"] = name,
            ["phone"] = phone,
            ["email"] = email,
            ["message"] = message,
            ["sms_consent"] = consent ? "yes" : "",
        }.Where(field => field.Value is not null).ToDictionary(StringComparer.Ordinal));

    /// <summary>A sound submission with a secret of the caller's choice, or none.</summary>
    public Task<WebReply> WebsiteRawAsync(string? secret) =>
        PostAsync("website", new { id = "raw", name = "Maria Lopez", phone = "+12145550199" }, secret);

    public async Task<WebReply> GhlAsync(string json, string? secret = TestBusiness.GhlSecret)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/webhooks/ghl") { Content = content };
        if (secret is not null)
        {
            request.Headers.Add("X-LeadLedger-Secret", secret);
        }

        return await WebReply.ReadAsync(await http.SendAsync(request));
    }
}
