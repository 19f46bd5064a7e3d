using System.Net.Http.Headers;

namespace LeadLedger.Faults.Webhooks;

/// <summary>One webhook as a provider would send it, and again and again until it reads a 2xx.</summary>
public sealed record Webhook
{
    /// <summary>voice, dial, form, text, stop or status.</summary>
    public required string Kind { get; init; }

    /// <summary>Path and query below the service's address.</summary>
    public required string Path { get; init; }

    public required byte[] Body { get; init; }

    public required string ContentType { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The receipt's source, as the service is documented to store it.</summary>
    public required string Source { get; init; }

    /// <summary>The receipt's key: the provider's own id of this delivery.</summary>
    public required string Key { get; init; }

    /// <summary>The provider's id of what happened: call, submission or message.</summary>
    public required string Subject { get; init; }

    /// <summary>The person's number.</summary>
    public required string Phone { get; init; }

    /// <summary>A fresh request: a request object can be sent only once.</summary>
    public HttpRequestMessage RequestTo(string serviceUrl)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Processes.Loopback.Checked(serviceUrl + Path)) { Content = new ByteArrayContent(Body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        foreach (var (name, value) in Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
