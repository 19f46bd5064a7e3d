using System.Buffers;
using System.Security.Cryptography;

namespace LeadLedger.Intake.Webhooks;

/// <summary>The raw bytes of a webhook, read once and within a limit, before anything is parsed.</summary>
public static class WebhookBody
{
    /// <summary>256 KB: larger than any provider sends, and read before the signature can be checked.</summary>
    public const int Limit = 256 * 1024;

    /// <summary>The body; null when it is larger than <see cref="Limit"/>.</summary>
    public static async ValueTask<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > Limit)
        {
            return null;
        }

        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellation);
            if (read.Buffer.Length > Limit)
            {
                return null;
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public static byte[] Sha256(ReadOnlySpan<byte> body) => SHA256.HashData(body);

    /// <summary>Path and query exactly as on the request line, which is what signatures cover.</summary>
    public static string RawTarget(HttpContext http) =>
        http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>() is { RawTarget: { Length: > 0 } raw } && raw[0] == '/'
            ? raw
            : http.Request.PathBase + http.Request.Path + http.Request.QueryString;
}
