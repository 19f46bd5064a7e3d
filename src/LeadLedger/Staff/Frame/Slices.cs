using System.Text.Json;
using System.Text.Json.Nodes;
using LeadLedger.EventStore;
using LeadLedger.Hosting;
using LeadLedger.Reading;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Live;
using Microsoft.AspNetCore.Routing.Patterns;

namespace LeadLedger.Staff.Frame;

/// <summary>What a slice answered: the JSON the API would send, and its status.</summary>
public sealed record Answer(int Status, JsonElement Body)
{
    public bool Succeeded => Status is >= 200 and < 300;

    /// <summary>Why not, in the API's own sentence, with the fix of the first wrong field.</summary>
    public string Why
    {
        get
        {
            var detail = Body.Text("detail") ?? "That cannot be done.";
            return Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("errors", out var errors)
                ? string.Join(" ", errors.EnumerateObject().SelectMany(error => error.Value.EnumerateArray().Select(fix => fix.GetString())))
                : detail;
        }
    }
}

/// <summary>
/// Pages ask and tell the ledger through the API's own routes, inside the process: the same slices, the same policies, the same sentences, with
/// the business and the caller of the page. A page can do nothing that the API would refuse. What pages read to refresh themselves, they share.
/// </summary>
public sealed class Slices(EndpointDataSource endpoints, LiveReads reads, LedgerModel model)
{
    private static readonly JsonElement Empty = JsonDocument.Parse("{}").RootElement;

    private readonly Lazy<Dictionary<string, RouteEndpoint>> _routes = new(() => endpoints.Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<ApiPolicy>() is not null)
        .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
            .Select(method => KeyValuePair.Create($"{method} {Pattern(endpoint.RoutePattern)}", endpoint)))
        .DistinctBy(pair => pair.Key)
        .ToDictionary(StringComparer.Ordinal));

    /// <summary>Reads.</summary>
    /// <param name="http">The page's request.</param>
    /// <param name="route">As the API maps it, such as <c>/api/leads/{id}</c>.</param>
    /// <param name="id">The value of the route's <c>{id}</c>.</param>
    /// <param name="query">The query's fields; those that are null or empty are left out.</param>
    public Task<Answer> GetAsync(HttpContext http, string route, string? id = null, params ReadOnlySpan<(string Name, string? Value)> query)
    {
        var asked = Query(query);
        return reads.OfAsync(http, $"{route} {id} {asked} {PageSight.IsWhole(http)}", () => InvokeAsync(http, "GET", route, id, asked, null));
    }

    /// <summary>Reads a list with several values in its route.</summary>
    public Task<Answer> GetAsync(HttpContext http, string route, IReadOnlyDictionary<string, string> values) =>
        InvokeAsync(http, "GET", route, values, QueryString.Empty, null);

    /// <summary>Commands.</summary>
    public Task<Answer> SendAsync(HttpContext http, string method, string route, string? id, JsonObject body) =>
        InvokeAsync(http, method, route, id, QueryString.Empty, body);

    /// <summary>Commands with several values in their route.</summary>
    public Task<Answer> SendToAsync(HttpContext http, string method, string route, IReadOnlyDictionary<string, string> values, JsonObject body) =>
        InvokeAsync(http, method, route, values, QueryString.Empty, body);

    // As a key of an auditor is answered, but for proofs: a page shows their hashes and hides what they prove.
    private JsonElement Seen(HttpContext http, RouteEndpoint endpoint, JsonElement answer) =>
        ApiScope.Of(http).Caller.Role != StaffUser.Auditor || PageSight.IsWhole(http) || endpoint.ViewOfAuditors() == AuditorView.NothingPersonal
            ? answer
            : JsonDocument.Parse(Masking.Answer(model, answer)).RootElement;

    private static string Pattern(RoutePattern pattern) => "/" + (pattern.RawText ?? "").TrimStart('/');

    private static QueryString Query(ReadOnlySpan<(string Name, string? Value)> query)
    {
        var all = QueryString.Empty;
        foreach (var (name, value) in query)
        {
            if (!string.IsNullOrEmpty(value))
            {
                all = all.Add(name, value);
            }
        }

        return all;
    }

    private Task<Answer> InvokeAsync(HttpContext http, string method, string route, string? id, QueryString query, JsonObject? body) =>
        InvokeAsync(http, method, route, id is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["id"] = id }, query, body);

    private async Task<Answer> InvokeAsync(
        HttpContext http, string method, string route, IReadOnlyDictionary<string, string> values, QueryString query, JsonObject? body)
    {
        var endpoint = _routes.Value.GetValueOrDefault($"{method} {route}")
            ?? throw new InvalidOperationException($"the API has no route {method} {route}");
        var scope = ApiScope.Of(http);
        if (ApiGuard.Refusal(scope.Caller, endpoint.Metadata.GetMetadata<ApiPolicy>()!.Access) is { } refusal)
        {
            return new Answer(403, JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["detail"] = refusal }));
        }

        var inside = new DefaultHttpContext { RequestServices = http.RequestServices, RequestAborted = http.RequestAborted };
        inside.Features.Set(scope);
        inside.SetEndpoint(endpoint);
        inside.Request.Method = method;
        inside.Request.Path = route;
        inside.Request.QueryString = query;
        foreach (var (name, value) in values)
        {
            inside.Request.RouteValues[name] = value;
        }

        using var sent = new MemoryStream(body is null ? [] : JsonSerializer.SerializeToUtf8Bytes(body));
        if (body is not null)
        {
            inside.Request.ContentType = "application/json";
            inside.Request.ContentLength = sent.Length;
            inside.Request.Body = sent;
        }

        using var answered = new MemoryStream();
        inside.Response.Body = answered;
        await endpoint.RequestDelegate!(inside);
        await inside.Response.CompleteAsync();
        var answer = new Answer(inside.Response.StatusCode, answered.Length == 0 ? Empty : JsonDocument.Parse(answered.ToArray()).RootElement);
        return answer.Succeeded ? answer with { Body = Seen(http, endpoint, answer.Body) } : answer;
    }
}
