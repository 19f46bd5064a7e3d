using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LeadLedger.Reading;
using Microsoft.Extensions.DependencyInjection;

namespace LeadLedger.Tests.Support;

/// <summary>Calls the API with a key.</summary>
public static class ApiCalls
{
    public static Task<WebReply> GetAsync(this TestApp app, string path, string? key = TestApp.AdminKey) =>
        app.SendAsync(HttpMethod.Get, path, null, key);

    public static Task<WebReply> PutAsync(this TestApp app, string path, object? body, string? key = TestApp.AdminKey) =>
        app.SendAsync(HttpMethod.Put, path, body is null ? null : JsonSerializer.Serialize(body), key);

    public static Task<WebReply> PostAsync(this TestApp app, string path, object body, string? key = TestApp.AdminKey) =>
        app.SendAsync(HttpMethod.Post, path, JsonSerializer.Serialize(body), key);

    public static async Task<WebReply> SendAsync(
        this TestApp app, HttpMethod method, string path, string? json, string? key, string contentType = "application/json", string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (json is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        return await WebReply.ReadAsync(await app.Http.SendAsync(request));
    }

    /// <summary>A key of a role, bound to a business.</summary>
    public static async Task<string> KeyAsync(this TestApp app, string role, string? business = "northside", string? name = null) =>
        (await app.Services.GetRequiredService<ApiKeys>().CreateAsync(name ?? role, role, business)).Key;

    /// <summary>The items of a list.</summary>
    public static IReadOnlyList<JsonElement> Items(this WebReply reply) => [.. reply.Json.GetProperty("items").EnumerateArray()];

    public static IReadOnlyList<Guid> Ids(this WebReply reply, string member = "id") =>
        [.. reply.Items().Select(item => item.GetProperty(member).GetGuid())];

    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();
}
