using System.Collections.Concurrent;
using System.Globalization;
using LeadLedger.Faults.Webhooks;
using Microsoft.AspNetCore.Http;

namespace LeadLedger.Faults.Twin;

/// <summary>Twilio's list of calls: those that nobody answered and whose webhooks never came.</summary>
internal sealed class CallsTwin
{
    public const string Path = $"/2010-04-01/Accounts/{SignedWebhooks.AccountSid}/Calls.json";

    private readonly ConcurrentQueue<string> _calls = new();

    /// <summary>A call that ended some minutes ago: the service does not ask for younger ones.</summary>
    public void Add(string sid, string from, int minutesAgo)
    {
        var ended = DateTimeOffset.UtcNow.AddMinutes(-minutesAgo);
        _calls.Enqueue($$"""
            {"account_sid":"{{SignedWebhooks.AccountSid}}","sid":"{{sid}}","parent_call_sid":null,"direction":"inbound","from":"{{from}}",
            "to":"{{SignedWebhooks.Line}}","status":"no-answer","start_time":"{{Rfc2822(ended.AddSeconds(-20))}}","end_time":"{{Rfc2822(ended)}}",
            "date_created":"{{Rfc2822(ended.AddSeconds(-20))}}","date_updated":"{{Rfc2822(ended)}}","duration":"0","caller_name":null,"forwarded_from":null}
            """);
    }

    public async Task ServeAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync($$"""{"calls":[{{string.Join(',', _calls)}}],"next_page_uri":null,"page":0}""");
    }

    private static string Rfc2822(DateTimeOffset at) => at.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
}
