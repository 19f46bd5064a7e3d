using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;
using NodaTime;

namespace LeadLedger.Staff.Pages;

/// <summary>One's own password and second factor.</summary>
public static class Account
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/account", PageAccess.Read, () => PageAnswer.Of<AccountPage>(("Secret", Totp.Base32(Totp.NewSecret()))));
        routes.MapPost("/account/password", PageAccess.Read, PasswordAsync);
        routes.MapPost("/account/totp", PageAccess.Read, AddCodeAsync);
        routes.MapPost("/account/totp/remove", PageAccess.Read, RemoveCodeAsync);
    }

    private static async Task<IResult> PasswordAsync(HttpContext http, StaffUsers users, StaffSessions sessions, SignInThrottle throttle, SecurityLog log)
    {
        var session = StaffSession.Of(http);
        var user = session.User;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var address = http.Connection.RemoteIpAddress?.ToString() ?? "";
        if (await throttle.WaitAsync(user.Login, address, http.RequestAborted) is not null)
        {
            return Back(http, "Too many attempts. Try again in a few minutes.");
        }

        if (user.HasPassword && await users.CheckAsync(user.Login, form["current"].ToString(), http.RequestAborted) is null)
        {
            await throttle.FailedAsync(user.Login, address, http.RequestAborted);
            return Back(http, "The present password is not right. Nothing was changed.");
        }

        var password = form["new"].ToString();
        if (password != form["again"].ToString())
        {
            return Back(http, "The two new passwords differ. Nothing was changed.");
        }

        if (PasswordRules.Problem(password, user) is { } problem)
        {
            return Back(http, problem);
        }

        await users.SetPasswordAsync(user, password, http.RequestAborted);
        await sessions.EndOthersAsync(session, http.RequestAborted);
        await log.WriteAsync(user.Caller.Actor, user.Business, "password_changed", "", http.RequestAborted);
        return Notice.Then(http, "/account", "Your password is saved. Everywhere else you are signed out.");
    }

    private static async Task<IResult> AddCodeAsync(HttpContext http, StaffUsers users, SecurityLog log, IClock clock)
    {
        var user = StaffSession.Of(http).User;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var secret = Totp.FromBase32(form["secret"].ToString());
        if (user.HasTotp || secret is not { Length: 20 })
        {
            return Back(http, "Open this page again and use the secret it shows.");
        }

        if (Totp.StepOf(secret, form["code"].ToString(), clock.GetCurrentInstant()) is not { } step)
        {
            return Back(http, "That is not the code of this secret. Nothing was changed; add the new secret below and try again.");
        }

        await users.SetTotpAsync(user, secret, step, http.RequestAborted);
        await log.WriteAsync(user.Caller.Actor, user.Business, "second_factor_added", "", http.RequestAborted);
        return Notice.Then(http, "/account", "Signing in asks for a code from now on.");
    }

    private static async Task<IResult> RemoveCodeAsync(HttpContext http, StaffUsers users, SecurityLog log)
    {
        var user = StaffSession.Of(http).User;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (!await users.UseCodeAsync(user, form["code"].ToString(), http.RequestAborted))
        {
            return Back(http, "That code does not work, or was used already. Wait for the next one.");
        }

        await users.SetTotpAsync(user, null, null, http.RequestAborted);
        await log.WriteAsync(user.Caller.Actor, user.Business, "second_factor_removed", "", http.RequestAborted);
        return Notice.Then(http, "/account", "Signing in does not ask for codes any more.");
    }

    private static IResult Back(HttpContext http, string why) => Notice.Then(http, "/account", why, refusal: true);
}
