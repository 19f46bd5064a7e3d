using NodaTime;

namespace LeadLedger.Intake.Webhooks;

/// <summary>
/// An authentic webhook as it came in: everything that is needed to take it in again later, and nothing that proves who sent it. Signatures and
/// secrets were checked before one of these is made, and are not part of it.
/// </summary>
public sealed record Webhook
{
    /// <summary>Which endpoint it came to, such as <c>twilio.sms</c>, <c>form:website</c> or <c>ghl</c>.</summary>
    public required string Route { get; init; }

    /// <summary>The variable part of the address: a form's id, a token.</summary>
    public string Argument { get; init; } = "";

    /// <summary>When it was received; a replay decides as of then.</summary>
    public required Instant ReceivedAt { get; init; }

    /// <summary>The businesses it may belong to, by what signed it; never empty.</summary>
    public required IReadOnlyList<string> Tenants { get; init; }

    public string? ContentType { get; init; }

    /// <summary>The raw query, with its question mark and without a secret; empty without one.</summary>
    public string Query { get; init; } = "";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    public string? RemoteAddress { get; init; }

    public required byte[] Body { get; init; }

    /// <summary>
    /// Whom and what it is about, as the sender names them. Webhooks that share none of these may be replayed at once; one without any is replayed alone.
    /// </summary>
    public IReadOnlyList<string> OrderKeys { get; init; } = [];

    /// <summary>
    /// The order key of a webhook that only adds, such as a form: it takes nothing back and opens nothing again, so its place among others does
    /// not matter, except beside its own repeats.
    /// </summary>
    public static string OwnKey(byte[] body) => $"body:{Convert.ToHexStringLower(WebhookBody.Sha256(body).AsSpan(0, 16))}";

    /// <summary>A header by its name, in any case; null where absent.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value : null;

    /// <summary>The webhook of a request whose authenticity was checked.</summary>
    /// <param name="http">The request.</param>
    /// <param name="route">Which endpoint it came to.</param>
    /// <param name="tenants">The businesses it may belong to.</param>
    /// <param name="body">The raw bytes.</param>
    /// <param name="now">When it was received.</param>
    /// <param name="secretHeader">A header that carries this sender's secret; it is left out like the usual ones.</param>
    public static Webhook Of(HttpContext http, string route, IReadOnlyList<string> tenants, byte[] body, Instant now, string? secretHeader = null) => new()
    {
        Route = route,
        ReceivedAt = now,
        Tenants = tenants,
        ContentType = http.Request.ContentType,
        Query = WithoutSecret(http.Request.QueryString.Value ?? ""),
        Headers = WebhookHeaders.Kept(http.Request.Headers, secretHeader),
        RemoteAddress = http.Connection.RemoteIpAddress?.ToString(),
        Body = body,
    };

    /// <summary>A raw query without the parameter that may carry a sender's secret: what is stored proves nothing to anybody.</summary>
    public static string WithoutSecret(string query)
    {
        if (query.Length < 2)
        {
            return query;
        }

        var kept = query[1..].Split('&').Where(pair => Uri.UnescapeDataString(pair.Split('=')[0]) != FormAuthenticity.QueryKey).ToArray();
        return kept.Length == 0 ? "" : "?" + string.Join('&', kept);
    }
}
