using System.Net;
using LeadLedger.Businesses;
using LeadLedger.Hosting;
using LeadLedger.Staff.Accounts;

namespace LeadLedger.Staff.Frame;

/// <summary>
/// The one place where pages are guarded: who is signed in, what their role may do, which business they see, and whether a post comes from a
/// form of this site.
/// </summary>
public sealed class StaffGuard(
    RequestDelegate next, StaffSessions sessions, StaffUsers users, StaffCookie cookie, BusinessDirectory businesses, ProxySignIn proxy,
    ServiceAddress address, SecurityLog log)
{
    private const string Asked = "business";

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<PagePolicy>() is not { } policy)
        {
            await next(http);
            return;
        }

        http.Response.Headers.CacheControl = "no-store";
        var session = await sessions.FindAsync(cookie.Read(http), http.RequestAborted);
        session = await ProxiedAsync(http, session) ?? session;
        if (!HttpMethods.IsGet(http.Request.Method) && await ForgedAsync(http, session, policy) is { } forgery)
        {
            await log.WriteAsync(session?.User.Caller.Actor ?? "nobody", session?.User.Business, "forged_post", forgery, http.RequestAborted);
            await RefuseAsync(http, 403, "This was not sent by a page of LeadLedger.", "Open the page again and press the button there. Nothing was changed.");
            return;
        }

        if (session is not null)
        {
            var scope = ScopeOf(session.User, Chosen(http));
            if (scope is null)
            {
                await RefuseAsync(http, 404, "There is no such business, or you do not see it.", "Choose one at the top of the page.");
                return;
            }

            http.Features.Set(session);
            http.Features.Set(scope);
        }

        if (policy.Access == PageAccess.Open)
        {
            await next(http);
            return;
        }

        if (session is null)
        {
            await AskToSignInAsync(http);
            return;
        }

        if (Refusal(session.User, policy.Access) is { } refusal)
        {
            await log.WriteAsync(session.User.Caller.Actor, session.User.Business, "refused", $"{http.Request.Method} {http.Request.Path}", http.RequestAborted);
            await RefuseAsync(http, 403, refusal, "Ask an owner if you need more.");
            return;
        }

        await next(http);
    }

    private static string? Refusal(StaffUser user, PageAccess access) => access switch
    {
        PageAccess.Write when user.Role == StaffUser.Auditor => "Auditors read everything and change nothing.",
        PageAccess.Owner when user.Role != StaffUser.Owner => "Only owners may do this.",
        _ => null,
    };

    private static string? Chosen(HttpContext http) =>
        http.Request.Query[Asked] is [{ Length: > 0 } asked] ? asked : null;

    private ApiScope? ScopeOf(StaffUser user, string? asked)
    {
        if (user.Business is { } bound)
        {
            return businesses.Find(bound) is { } own && (asked is null || asked == bound) ? new ApiScope(user.Caller, [own]) : null;
        }

        return asked is null ? new ApiScope(user.Caller, businesses.All)
            : businesses.Find(asked) is { } one ? new ApiScope(user.Caller, [one]) : null;
    }

    // The header counts only from the proxies that are listed; anybody else may write what they like.
    private async Task<StaffSession?> ProxiedAsync(HttpContext http, StaffSession? session)
    {
        if (proxy.LoginOf(http) is not { } login || string.Equals(session?.User.Login, login, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (await users.FindAsync(login, http.RequestAborted) is not { DisabledAt: null } user)
        {
            return null;
        }

        var begun = await sessions.BeginAsync(user, http.RequestAborted);
        cookie.Write(http, begun.Token);
        await log.WriteAsync(user.Caller.Actor, user.Business, "signed_in", "by the reverse proxy", http.RequestAborted);
        return begun;
    }

    /// <summary>What shows that a post is not from a form of ours; null when it is.</summary>
    private async Task<string?> ForgedAsync(HttpContext http, StaffSession? session, PagePolicy policy)
    {
        var site = http.Request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0 && site != "same-origin")
        {
            return $"sec-fetch-site {site}";
        }

        // Pages send no referrer, so a browser says "null" as the origin of their posts: what it says of the site then decides alone.
        var origin = http.Request.Headers.Origin.ToString();
        if (site.Length == 0 && origin.Length > 0 && origin != address.PublicBase && origin != $"{http.Request.Scheme}://{http.Request.Host}")
        {
            return "another origin";
        }

        if (policy.Access == PageAccess.Open && session is null)
        {
            return null;
        }

        if (!http.Request.HasFormContentType)
        {
            return "not a form";
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return session is null || Tokens.IsFormToken(session.Token, form["form"]) ? null : "without its token";
    }

    // A link from a mail arrives without the cookie, because it is kept from other sites. The page then opens itself once more.
    private static async Task AskToSignInAsync(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method) && http.Request.Headers["Sec-Fetch-Site"] == "cross-site")
        {
            http.Response.ContentType = "text/html; charset=utf-8";
            await http.Response.WriteAsync("<!doctype html><html lang=\"en\"><meta http-equiv=\"refresh\" content=\"0\"><title>LeadLedger</title><p>Opening\u2026");
            return;
        }

        var back = HttpMethods.IsGet(http.Request.Method) ? $"?next={WebUtility.UrlEncode(http.Request.Path + http.Request.QueryString)}" : "";
        http.Response.Redirect($"/sign-in{back}");
    }

    private static Task RefuseAsync(HttpContext http, int status, string what, string remedy) =>
        PageAnswer.Message(status, what, remedy).ExecuteAsync(http);
}
