using System.Text.Json.Nodes;
using LeadLedger.Businesses;
using LeadLedger.Hosting;
using LeadLedger.Intake;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;

namespace LeadLedger.Staff.Pages;

/// <summary>Who may sign in, and which keys programs use. For owners; one of a single business sees and adds people of that business only.</summary>
public static class PeopleList
{
    private const int LongestLogin = 60;
    private const int LongestName = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/people", PageAccess.Owner, (HttpContext http, StaffUsers users, Slices slices) => PageAsync(http, users, slices, null));
        routes.MapPost("/people/add", PageAccess.Owner, AddAsync);
        routes.MapPost("/people/{id}/link", PageAccess.Owner, LinkAsync);
        routes.MapPost("/people/{id}/disable", PageAccess.Owner, DisableAsync);
        routes.MapPost("/people/{id}/enable", PageAccess.Owner, EnableAsync);
        routes.MapPost("/people/keys/add", PageAccess.Owner, AddKeyAsync);
        routes.MapPost("/people/keys/{id}/revoke", PageAccess.Owner, RevokeKeyAsync);
    }

    // What is shown once is answered to the press itself, so that it never stands in an address, a cookie or the database.
    private static async Task<IResult> PageAsync(HttpContext http, StaffUsers users, Slices slices, ShownOnce? once)
    {
        var me = StaffSession.Of(http).User;
        var keys = me.Business is null ? (await slices.GetAsync(http, "/api/keys")).Body.Items() : null;
        return PageAnswer.Of<PeoplePage>(
            ("Users", await users.ListAsync(me.Business, http.RequestAborted)), ("Keys", keys), ("Once", once));
    }

    private static async Task<IResult> AddAsync(
        HttpContext http, StaffUsers users, SignInLinks links, Slices slices, SecurityLog log, ServiceAddress address, BusinessDirectory directory)
    {
        var me = StaffSession.Of(http).User;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (login, name, role) = (form["login"].ToString().Trim(), form["name"].ToString().Trim(), form["role"].ToString());
        var business = form["business"].ToString() is { Length: > 0 } named ? named : null;
        if (Problem(login, name, role, business, me, directory) is { } problem)
        {
            return Back(http, problem, refusal: true);
        }

        if (await users.AddAsync(login, name, role, business, http.RequestAborted) is not { } user)
        {
            return Back(http, $"The login {login} is taken. Choose another, or make a new link for that person.", refusal: true);
        }

        await log.WriteAsync(me.Caller.Actor, business, "person_added", $"{login}, {role}, {business ?? "every business"}", http.RequestAborted);
        return await LinkedAsync(http, user, users, links, slices, address);
    }

    private static async Task<IResult> LinkAsync(
        string id, HttpContext http, StaffUsers users, SignInLinks links, Slices slices, SecurityLog log, ServiceAddress address)
    {
        if (await FindAsync(http, users, id) is not { DisabledAt: null } user)
        {
            return Back(http, "There is no such person, or they are shut out. Let them in first.", refusal: true);
        }

        await log.WriteAsync(StaffSession.Of(http).User.Caller.Actor, user.Business, "sign_in_link_made", user.Login, http.RequestAborted);
        return await LinkedAsync(http, user, users, links, slices, address);
    }

    private static async Task<IResult> DisableAsync(string id, HttpContext http, StaffUsers users, SecurityLog log)
    {
        var me = StaffSession.Of(http).User;
        if (await FindAsync(http, users, id) is not { } user)
        {
            return Back(http, "There is no such person, or you do not see them.", refusal: true);
        }

        if (user.Id == me.Id)
        {
            return Back(http, "You cannot shut yourself out. Another owner can.", refusal: true);
        }

        if (!await users.DisableAsync(user.Id, http.RequestAborted))
        {
            return Back(http, $"{user.Login} is the last owner of every business, or was shut out already. Make somebody else an owner first.", refusal: true);
        }

        await log.WriteAsync(me.Caller.Actor, user.Business, "person_disabled", user.Login, http.RequestAborted);
        return Back(http, $"{user.Login} is shut out, and signed out everywhere.");
    }

    private static async Task<IResult> EnableAsync(string id, HttpContext http, StaffUsers users, SecurityLog log)
    {
        if (await FindAsync(http, users, id) is not { } user)
        {
            return Back(http, "There is no such person, or you do not see them.", refusal: true);
        }

        await users.EnableAsync(user.Id, http.RequestAborted);
        await log.WriteAsync(StaffSession.Of(http).User.Caller.Actor, user.Business, "person_enabled", user.Login, http.RequestAborted);
        return Back(http, $"{user.Login} may sign in again.");
    }

    private static async Task<IResult> AddKeyAsync(HttpContext http, StaffUsers users, Slices slices, SecurityLog log)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var body = new JsonObject { ["name"] = form["name"].ToString().Trim(), ["role"] = form["role"].ToString() };
        if (form["business"].ToString() is { Length: > 0 } business)
        {
            body["business"] = business;
        }

        var answer = await slices.SendAsync(http, "POST", "/api/keys", null, body);
        if (!answer.Succeeded)
        {
            return Back(http, answer.Why, refusal: true);
        }

        await log.WriteAsync(
            StaffSession.Of(http).User.Caller.Actor, answer.Body.Text("business"), "key_made",
            $"{answer.Body.Text("name")}, {answer.Body.Text("role")}, {answer.Body.Text("id")}", http.RequestAborted);
        return await PageAsync(http, users, slices, new ShownOnce($"The key of {answer.Body.Text("name")}", answer.Body.Required("key"), "Send it as 'Authorization: Bearer' with every request to the API."));
    }

    private static async Task<IResult> RevokeKeyAsync(string id, HttpContext http, Slices slices, SecurityLog log)
    {
        var answer = await slices.SendAsync(http, "DELETE", "/api/keys/{id}", id, []);
        if (!answer.Succeeded)
        {
            return Back(http, answer.Why, refusal: true);
        }

        await log.WriteAsync(StaffSession.Of(http).User.Caller.Actor, null, "key_revoked", id, http.RequestAborted);
        return Back(http, "The key has ended; every process notices within ten seconds.");
    }

    private static async Task<IResult> LinkedAsync(HttpContext http, StaffUser user, StaffUsers users, SignInLinks links, Slices slices, ServiceAddress address)
    {
        var token = await links.CreateAsync(user, http.RequestAborted);
        return await PageAsync(http, users, slices, new ShownOnce(
            $"The sign-in link of {user.Login}", $"{address.PublicBase}/sign-in/link/{token}",
            "It signs them in once, within 24 hours; they then choose a password. Earlier links of theirs have ended. Give it to nobody else."));
    }

    private static async Task<StaffUser?> FindAsync(HttpContext http, StaffUsers users, string id)
    {
        var me = StaffSession.Of(http).User;
        return Guid.TryParse(id, out var guid) && await users.FindAsync(guid, http.RequestAborted) is { } user && (me.Business is null || user.Business == me.Business)
            ? user : null;
    }

    private static string? Problem(string login, string name, string role, string? business, StaffUser me, BusinessDirectory directory) =>
        login.Length is 0 or > LongestLogin || !login.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' or '@' or '+')
            ? $"Write the login in 1 to {LongestLogin} letters, digits, dots, dashes or as an e-mail address."
        : name.Length is 0 or > LongestName || SafeText.Line(name, LongestName) != name ? $"Write the name in 1 to {LongestName} printable characters."
        : !StaffUser.Roles.Contains(role) ? "Choose a role: owner, staff or auditor."
        : business is not null && directory.Find(business) is null ? "There is no such business."
        : me.Business is not null && business != me.Business ? "You may add people of your own business only."
        : null;

    private static IResult Back(HttpContext http, string text, bool refusal = false) =>
        Notice.Then(http, "/people", text, refusal);
}

/// <summary>A secret that is shown to the person who asked for it, and never again.</summary>
/// <param name="What">Whose or what.</param>
/// <param name="Secret">The secret.</param>
/// <param name="Use">How it is used.</param>
public sealed record ShownOnce(string What, string Secret, string Use);
