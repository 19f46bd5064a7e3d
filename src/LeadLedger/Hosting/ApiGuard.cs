using LeadLedger.Businesses;
using LeadLedger.Reading;
using LeadLedger.Staff.Accounts;

namespace LeadLedger.Hosting;

/// <summary>
/// The one place where keys, roles and businesses are checked. Deny by default: under /api everything but the webhooks, which verify
/// signatures themselves, needs a key, and a route that states no policy is refused.
/// </summary>
public sealed class ApiGuard(RequestDelegate next, ApiKeys keys, BusinessDirectory directory, SignInThrottle throttle)
{
    private const string Scheme = "Bearer ";
    private const int LongestKey = 200;

    public async Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        var policy = endpoint?.Metadata.GetMetadata<ApiPolicy>();
        var isApi = http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase, out var rest)
            && !rest.StartsWithSegments("/webhooks", StringComparison.OrdinalIgnoreCase);
        if (policy is { Access: ApiAccess.Open } || (!isApi && policy is null))
        {
            await next(http);
            return;
        }

        var key = KeyOf(http);
        if (key is null || await keys.FindAsync(key, http.RequestAborted) is not { } caller)
        {
            if (key is not null && await throttle.WrongSecretAsync("key", http) is { } wait)
            {
                SignInThrottle.SayWhen(http, wait);
                await Problems.Of(429, "too-many-wrong-keys",
                    "Too many unknown keys came from this address. Wait as Retry-After says, or send a key that is known: such a one is never refused for this.")
                    .ExecuteAsync(http);
                return;
            }

            http.Response.Headers.WWWAuthenticate = "Bearer realm=\"leadledger\"";
            await Problems.Of(401, "not-authenticated",
                "Send an API key as 'Authorization: Bearer <key>'. It is missing, or it is unknown or was revoked.").ExecuteAsync(http);
            return;
        }

        // A path that no route takes, or a method it does not take, is answered as such; only a real route needs a policy.
        if (endpoint is RouteEndpoint && policy is null)
        {
            await Forbidden("This route states no policy, so nobody may use it.").ExecuteAsync(http);
            return;
        }

        if (policy is not null && Refusal(caller, policy.Access) is { } refusal)
        {
            await Forbidden(refusal).ExecuteAsync(http);
            return;
        }

        if (ScopeOf(caller, http.Request.Query["business"].ToString()) is not { } scope)
        {
            await Problems.Of(404, "unknown-business", "There is no such business, or this key does not see it.",
                new Dictionary<string, string[]> { ["business"] = ["Name a business that GET /api/business lists, or leave it out."] })
                .ExecuteAsync(http);
            return;
        }

        http.Features.Set(scope);
        await next(http);
    }

    private static string? KeyOf(HttpContext http)
    {
        var header = http.Request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } value || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var key = value[Scheme.Length..].Trim();
        return key.Length is 0 or > LongestKey ? null : key;
    }

    /// <summary>Why a role may not use a route; null when it may.</summary>
    public static string? Refusal(ApiCaller caller, ApiAccess access) => access switch
    {
        ApiAccess.Read => null,
        ApiAccess.Write => caller.MayWrite ? null : $"A key with the role {caller.Role} reads; it changes nothing. Use a staff or admin key.",
        _ => caller.Role == "admin" ? null : $"Only an admin key may do this; this key has the role {caller.Role}.",
    };

    private ApiScope? ScopeOf(ApiCaller caller, string asked)
    {
        if (caller.Business is { } bound)
        {
            return directory.Find(bound) is { } own && (asked.Length == 0 || asked == bound) ? new ApiScope(caller, [own]) : null;
        }

        if (caller.Role != "admin")
        {
            return null;
        }

        if (asked.Length == 0)
        {
            return new ApiScope(caller, directory.All);
        }

        return directory.Find(asked) is { } one ? new ApiScope(caller, [one]) : null;
    }

    private static IResult Forbidden(string detail) => Problems.Of(403, "not-allowed", detail);
}
