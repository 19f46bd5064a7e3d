using System.Net;
using System.Text.Json;

namespace LeadLedger.Tests.Support;

/// <summary>What the service answered, read to its end.</summary>
public sealed record WebReply(HttpStatusCode Status, string Body, string? ContentType, string? RetryAfter)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    public JsonElement Json => JsonDocument.Parse(Body).RootElement.Clone();

    /// <summary>The lead an accepted delivery went to.</summary>
    public Guid Lead => Json.GetProperty("leadId").GetGuid();

    public static async Task<WebReply> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            return new WebReply(
                response.StatusCode,
                await response.Content.ReadAsStringAsync(),
                response.Content.Headers.ContentType?.MediaType,
                response.Headers.TryGetValues("Retry-After", out var values) ? values.First() : null);
        }
    }
}
