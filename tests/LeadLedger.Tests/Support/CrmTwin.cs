using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace LeadLedger.Tests.Support;

/// <summary>How the stand-in CRM answers one post.</summary>
public enum CrmMode
{
    Ok,
    AppliedAnswerLost,
    NotAppliedAnswerLost,
    ServerError,
    Refused,
}

/// <summary>A CRM that takes signed webhooks and finds or creates its record by the external id.</summary>
public sealed class CrmTwin
{
    private static readonly byte[] Key = Encoding.UTF8.GetBytes("a key for the stand-in crm, 32 b");

    private readonly ConcurrentQueue<CrmMode> _next = new();
    private readonly Lock _lock = new();

    /// <summary>The secret as a business file's secret file holds it.</summary>
    public static string Secret { get; } = "whsec_" + Convert.ToBase64String(Key);

    /// <summary>The answer where <see cref="Next"/> has nothing queued.</summary>
    public CrmMode Mode { get; set; } = CrmMode.Ok;

    public int Creates { get; private set; }

    public int Updates { get; private set; }

    public int Posts { get; private set; }

    /// <summary>Records by external id: the last payload applied.</summary>
    public Dictionary<string, JsonElement> Records { get; } = new(StringComparer.Ordinal);

    public void Next(params ReadOnlySpan<CrmMode> modes)
    {
        foreach (var mode in modes)
        {
            _next.Enqueue(mode);
        }
    }

    public async Task ServeAsync(HttpContext http, Action<string> complain)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer);
        var body = buffer.ToArray();
        if (!IsSigned(http, body))
        {
            complain("the CRM got a post whose signature is wrong");
            http.Response.StatusCode = 401;
            return;
        }

        var mode = _next.TryDequeue(out var next) ? next : Mode;
        string? id;
        lock (_lock)
        {
            Posts++;
            id = mode is CrmMode.Ok or CrmMode.AppliedAnswerLost ? Apply(body) : null;
        }

        switch (mode)
        {
            case CrmMode.Ok:
                var answer = Encoding.UTF8.GetBytes($$"""{"id":"{{id}}"}""");
                http.Response.ContentLength = answer.Length;
                await http.Response.Body.WriteAsync(answer);
                break;
            case CrmMode.ServerError:
                http.Response.StatusCode = 503;
                break;
            case CrmMode.Refused:
                http.Response.StatusCode = 422;
                break;
            default:
                http.Abort();
                break;
        }
    }

    private string Apply(byte[] body)
    {
        var data = JsonDocument.Parse(body).RootElement.GetProperty("data").Clone();
        var external = data.GetProperty("externalId").GetString()!;
        if (!Records.TryGetValue(external, out var known))
        {
            Creates++;
        }
        else if (known.GetProperty("version").GetInt64() < data.GetProperty("version").GetInt64())
        {
            Updates++;
        }

        Records[external] = data;
        return "crm-" + external[..8];
    }

    // Written from the Standard Webhooks specification, not with the code under test.
    private static bool IsSigned(HttpContext http, byte[] body)
    {
        var id = http.Request.Headers["webhook-id"].ToString();
        var timestamp = http.Request.Headers["webhook-timestamp"].ToString();
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body];
        return id.Length > 0 && timestamp.Length > 0
            && http.Request.Headers["webhook-signature"] == "v1," + Convert.ToBase64String(HMACSHA256.HashData(Key, signed));
    }
}
