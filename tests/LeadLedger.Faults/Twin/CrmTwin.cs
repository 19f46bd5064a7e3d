using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace LeadLedger.Faults.Twin;

/// <summary>A CRM that takes signed webhooks and keeps one record for each external id.</summary>
internal sealed class CrmTwin(TwinLog log)
{
    private static readonly byte[] Key = Encoding.UTF8.GetBytes("a key for the stand-in crm, 32 b");
    private readonly ConcurrentDictionary<string, long> _versions = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private TwinPlan _plan = new();
    private Random _random = new(1);

    /// <summary>The secret as a business file's secret file holds it.</summary>
    public static string Secret { get; } = "whsec_" + Convert.ToBase64String(Key);

    public void Use(TwinPlan plan)
    {
        lock (_lock)
        {
            _plan = plan;
            _random = new Random(plan.Seed + 1);
        }
    }

    public async Task ServeAsync(HttpContext http)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer);
        var body = buffer.ToArray();
        var id = http.Request.Headers["webhook-id"].ToString();
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{http.Request.Headers["webhook-timestamp"]}."), .. body];
        if (http.Request.Headers["webhook-signature"] != "v1," + Convert.ToBase64String(HMACSHA256.HashData(Key, signed)))
        {
            await log.WriteAsync(new TwinRecord { What = "complaint", At = TwinLog.Now, Detail = "a post to the CRM with a wrong signature" });
            http.Response.StatusCode = 401;
            return;
        }

        int roll;
        lock (_lock)
        {
            roll = _random.Next(100) < _plan.CrmFailPercent ? 1 + _random.Next(2) : 0;
        }

        if (roll == 1)
        {
            http.Response.StatusCode = 503;
            return;
        }

        using var json = JsonDocument.Parse(body);
        var data = json.RootElement.GetProperty("data");
        var external = data.GetProperty("externalId").GetString()!;
        var version = data.GetProperty("version").GetInt64();
        _versions.AddOrUpdate(external, version, (_, known) => Math.Max(known, version));
        await log.WriteAsync(new TwinRecord { What = "crm", At = TwinLog.Now, Sid = external, Version = version });
        if (roll == 2)
        {
            http.Abort();
            return;
        }

        var answer = Encoding.UTF8.GetBytes($$"""{"id":"crm-{{external[..8]}}"}""");
        http.Response.ContentLength = answer.Length;
        await http.Response.Body.WriteAsync(answer);
    }
}
