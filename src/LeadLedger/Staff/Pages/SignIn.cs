using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;

namespace LeadLedger.Staff.Pages;

/// <summary>Signing in with a password, a code where one is set up, or a link that works once; and signing out.</summary>
public static class SignIn
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/sign-in", PageAccess.Open, (HttpContext http, string? next) => http.Features.Get<StaffSession>() is null
            ? PageAnswer.Of<SignInPage>(("Next", Local(next)))
            : Results.Redirect(Local(next)));
        routes.MapPost("/sign-in", PageAccess.Open, PostAsync);
        routes.MapPage("/sign-in/link/{token}", PageAccess.Open, (string token) => PageAnswer.Of<SignInLinkPage>(("Token", token)));
        routes.MapPost("/sign-in/link/{token}", PageAccess.Open, UseLinkAsync);
        routes.MapPost("/sign-out", PageAccess.Read, SignOutAsync);
    }

    private static async Task<IResult> PostAsync(
        HttpContext http, StaffUsers users, StaffSessions sessions, SignInThrottle throttle, StaffCookie cookie, SecurityLog log)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (login, next) = (form["login"].ToString().Trim(), Local(form["next"]));
        var address = http.Connection.RemoteIpAddress?.ToString() ?? "";
        if (await throttle.WaitAsync(login, address, http.RequestAborted) is { } wait)
        {
            SignInThrottle.SayWhen(http, wait);
            return Refuse(http, 429, login, next, $"Too many attempts from here. Try again {Shown.Relative(NodaTime.Instant.FromUnixTimeSeconds(0) + wait, NodaTime.Instant.FromUnixTimeSeconds(0))}.");
        }

        var user = await users.CheckAsync(login, form["password"].ToString(), http.RequestAborted);
        if (user is null || (user.HasTotp && !await users.UseCodeAsync(user, form["code"].ToString(), http.RequestAborted)))
        {
            await throttle.FailedAsync(login, address, http.RequestAborted);
            await log.WriteAsync("nobody", user?.Business, "sign_in_failed", $"as {login} from {address}", http.RequestAborted);
            return Refuse(http, 401, login, next, "Login, password and code do not fit together. Codes work once; wait for the next one.");
        }

        await throttle.SucceededAsync(login, address, http.RequestAborted);
        await BeginAsync(http, user, "with a password", sessions, cookie, log);
        return Results.Redirect(next);
    }

    private static async Task<IResult> UseLinkAsync(
        string token, HttpContext http, SignInLinks links, StaffSessions sessions, StaffCookie cookie, SecurityLog log)
    {
        if (await links.UseAsync(token, http.RequestAborted) is not { } user)
        {
            await log.WriteAsync("nobody", null, "sign_in_failed", "with a link that is used, unknown or too old", http.RequestAborted);
            return PageAnswer.Message(410, "This link does not work any more.", "A link signs in once and within 24 hours. Ask an owner for a new one.");
        }

        await BeginAsync(http, user, "with a link", sessions, cookie, log);
        return Notice.Then(http, "/account", "You are signed in. Choose a password for the next time.");
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, StaffSessions sessions, StaffCookie cookie, SecurityLog log)
    {
        var session = StaffSession.Of(http);
        await sessions.EndAsync(session, http.RequestAborted);
        cookie.Clear(http);
        await log.WriteAsync(session.User.Caller.Actor, session.User.Business, "signed_out", "", http.RequestAborted);
        return Results.Redirect("/sign-in");
    }

    private static async Task BeginAsync(HttpContext http, StaffUser user, string how, StaffSessions sessions, StaffCookie cookie, SecurityLog log)
    {
        if (http.Features.Get<StaffSession>() is { } former)
        {
            await sessions.EndAsync(former, http.RequestAborted);
        }

        cookie.Write(http, (await sessions.BeginAsync(user, http.RequestAborted)).Token);
        await log.WriteAsync(user.Caller.Actor, user.Business, "signed_in", how, http.RequestAborted);
    }

    private static PageAnswer Refuse(HttpContext http, int status, string login, string next, string why)
    {
        Notice.Say(http, why, refusal: true);
        return PageAnswer.Of<SignInPage>(status, ("Next", next), ("Login", login));
    }

    // Only to a page of this site: an address that a stranger wrote into the link leads nowhere else.
    private static string Local(string? next) =>
        next is { Length: > 0 and < 500 } && next[0] == '/' && !next.StartsWith("//", StringComparison.Ordinal) && !next.Contains('\\', StringComparison.Ordinal)
        && !next.Any(char.IsControl) ? next : "/";
}
