using System.Net.Http.Json;
using System.Text.Json;

namespace LeadLedger.Benchmarks.Processes;

/// <summary>Webhooks that the service took while its database was too slow or away: answered, and not in the ledger yet.</summary>
public static class Spool
{
    /// <summary>How many there are now.</summary>
    public static async Task<long> DepthAsync(ServiceProcess service)
    {
        using var http = new HttpClient { BaseAddress = new Uri(service.PublicBase) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", ServiceProcess.AdminKey);
        var intake = await http.GetFromJsonAsync<JsonElement>("/api/intake");
        return intake.GetProperty("spool").GetProperty("webhooks").GetInt64();
    }

    /// <summary>Waits until all of them are in the ledger.</summary>
    /// <returns>How many there were at first.</returns>
    public static async Task<long> DrainedAsync(ServiceProcess service)
    {
        var first = await DepthAsync(service);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var depth = first; depth > 0; depth = await DepthAsync(service))
        {
            await look.WaitForNextTickAsync();
        }

        return first;
    }
}
