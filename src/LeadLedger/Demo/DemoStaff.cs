using System.Net.Http.Headers;
using System.Text.Json;

namespace LeadLedger.Demo;

/// <summary>What the staff of the demo do, through the API, each with a key of their own that ends with the history.</summary>
internal sealed class DemoStaff(HttpClient http, string adminKey)
{
    private const string Business = "northside";

    private readonly Dictionary<string, (string Id, string Key)> _keys = new(StringComparer.Ordinal);

    public async Task ComeInAsync()
    {
        foreach (var member in (string[])["dana", "luis", "priya"])
        {
            var made = await SendAsync(HttpMethod.Post, "/api/keys", adminKey, new { name = member, role = "staff", business = Business });
            _keys[member] = (made.GetProperty("id").GetString()!, made.GetProperty("key").GetString()!);
        }
    }

    public async Task LeaveAsync()
    {
        foreach (var (id, _) in _keys.Values)
        {
            await SendAsync(HttpMethod.Delete, $"/api/keys/{id}", adminKey, null);
        }
    }

    /// <summary>The lead on a number whose inquiry is the latest.</summary>
    public async Task<Guid> FindAsync(string phone)
    {
        var found = await SendAsync(HttpMethod.Get, $"/api/leads?q={Uri.EscapeDataString(phone[2..])}", adminKey, null);
        return found.GetProperty("items")[0].GetProperty("id").GetGuid();
    }

    public async Task ClaimAsync(string by, Guid lead) =>
        await SendAsync(HttpMethod.Put, $"/api/tasks/{await TaskAsync(lead)}/claim", _keys[by].Key, new { by });

    public async Task CompleteAsync(string by, Guid lead, string outcome, string? note) =>
        await SendAsync(HttpMethod.Put, $"/api/tasks/{await TaskAsync(lead)}/completion", _keys[by].Key, new { outcome, note });

    public Task NoteAsync(string by, Guid lead, string text) =>
        SendAsync(HttpMethod.Post, $"/api/leads/{lead}/notes", _keys[by].Key, new { text });

    public Task MergeAsync(string by, Guid lead, Guid other, string reason) =>
        SendAsync(HttpMethod.Post, $"/api/leads/{lead}/mergers", _keys[by].Key, new { other, reason });

    private async Task<string> TaskAsync(Guid lead) =>
        (await SendAsync(HttpMethod.Get, $"/api/leads/{lead}", adminKey, null)).GetProperty("task").GetProperty("id").GetString()!;

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string key, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await http.SendAsync(request);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{method} {path} was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }

        return response.StatusCode == System.Net.HttpStatusCode.NoContent ? default : await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
