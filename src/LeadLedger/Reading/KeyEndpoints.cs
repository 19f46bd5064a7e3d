using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.Hosting;
using LeadLedger.Intake;

namespace LeadLedger.Reading;

/// <summary>Making, listing and ending API keys.</summary>
public static class KeyEndpoints
{
    private const int LongestName = 60;
    private static readonly string[] Roles = ["staff", "auditor", "admin"];

    /// <summary>The body of the request.</summary>
    /// <param name="Name">Who or what holds the key; a staff id lets its holder claim tasks without naming themselves.</param>
    /// <param name="Role">staff, auditor or admin.</param>
    /// <param name="Business">The one business it sees; an admin key without one sees all.</param>
    public sealed record Body(string? Name, string? Role, string? Business);

    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/keys", CreateAsync).Requires(ApiAccess.Admin).WithTags("Keys")
            .WithSummary("Make an API key; it is answered this once and never stored")
            .Accepts<Body>("application/json").Produces(201, contentType: "application/json").ProducesProblem(400);
        routes.MapGet("/api/keys", ListAsync).Requires(ApiAccess.Admin).WithTags("Keys")
            .WithSummary("Who holds keys").Produces(200, contentType: "application/json");
        routes.MapDelete("/api/keys/{id}", RevokeAsync).Requires(ApiAccess.Admin).WithTags("Keys")
            .WithSummary("End a key; other processes notice within ten seconds")
            .Parameter("id", "The key's id.").Produces(204).ProducesProblem(404);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, ApiKeys keys, BusinessDirectory directory)
    {
        var (body, refusal) = await RequestJson.ReadAsync(http, ApiJson.Default.CreateKeyBody);
        if (body is null)
        {
            return refusal!;
        }

        if (string.IsNullOrWhiteSpace(body.Name) || body.Name.Length > LongestName || SafeText.Line(body.Name, LongestName) != body.Name)
        {
            return RequestJson.Wrong("name", $"Say who or what holds the key, in 1 to {LongestName} printable characters.");
        }

        if (body.Role is null || !Roles.Contains(body.Role))
        {
            return RequestJson.Wrong("role", $"Use one of: {string.Join(", ", Roles)}.");
        }

        var scope = ApiScope.Of(http);
        var business = body.Business ?? (body.Role == "admin" ? scope.Caller.Business : scope.Only?.Id);
        if (business is null ? body.Role != "admin" : scope.Find(business) is null)
        {
            return RequestJson.Wrong("business", $"Name the business the key sees: {string.Join(", ", scope.Tenants)}.");
        }

        var (id, key) = await keys.CreateAsync(body.Name, body.Role, business);
        http.Response.Headers.Location = $"/api/keys/{id}";
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("name", body.Name);
            json.WriteString("role", body.Role);
            json.WriteString("business", business);
            json.WriteString("key", key);
            json.WriteEndObject();
        }, StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(HttpContext http, ApiKeys keys) =>
        JsonAnswer.Page(await keys.ListAsync(ApiScope.Of(http).Caller.Business, http.RequestAborted), null, Write);

    private static async Task<IResult> RevokeAsync(string id, HttpContext http, ApiKeys keys)
    {
        if (!Guid.TryParse(id, out var key))
        {
            return RequestJson.Wrong("id", "Use the key's id as GET /api/keys shows it.");
        }

        var seen = await keys.ListAsync(ApiScope.Of(http).Caller.Business, http.RequestAborted);
        return seen.Any(entry => entry.Holder.Id == key) && await keys.RevokeAsync(key)
            ? Results.NoContent()
            : Problems.Of(404, "unknown-key", "There is no such key in force, or this key does not see it.");
    }

    private static void Write(Utf8JsonWriter json, ApiKeyEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("id", entry.Holder.Id);
        json.WriteString("name", entry.Holder.Name);
        json.WriteString("role", entry.Holder.Role);
        json.WriteString("business", entry.Holder.Business);
        json.WriteInstant("createdAt", entry.CreatedAt);
        json.WriteInstant("revokedAt", entry.RevokedAt);
        json.WriteEndObject();
    }
}
