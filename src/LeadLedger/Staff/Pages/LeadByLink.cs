using System.Text.Json.Nodes;
using LeadLedger.Hosting;
using LeadLedger.Leads;
using LeadLedger.Reading;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;

namespace LeadLedger.Staff.Pages;

/// <summary>
/// SCR-23: the page that an alert opens without signing in. Its token stands for one member of the staff and one lead; every press is limited to
/// that lead, is recorded as theirs, and names the link as its cause.
/// </summary>
public static class LeadByLink
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/m/{token}", PageAccess.Open, PageAsync);
        routes.MapPost("/m/{token}/claim", PageAccess.Open, ClaimAsync);
        routes.MapPost("/m/{token}/done", PageAccess.Open, DoneAsync);
        routes.MapPost("/m/{token}/note", PageAccess.Open, NoteAsync);
    }

    private static async Task<IResult> PageAsync(string token, HttpContext http, LeadLinks links, LeadCards cards, LeadViews views)
    {
        var (link, lead, instead) = await OpenAsync(token, http, links, cards);
        if (instead is not null)
        {
            return instead;
        }

        await views.RecordAsync(http, link!.Business.Id, lead!.Id, "link");
        return PageAnswer.Of<LeadByLinkPage>(("Token", token), ("Link", link), ("Lead", lead));
    }

    private static async Task<IResult> ClaimAsync(string token, HttpContext http, LeadLinks links, LeadCards cards, Slices slices, SecurityLog log)
    {
        var (link, lead, instead) = await OpenAsync(token, http, links, cards);
        if (instead is not null)
        {
            return instead;
        }

        return await TaskAsync(http, lead!) is { } task
            ? await PressedAsync(token, http, link!, "claimed", log,
                await slices.SendAsync(http, "PUT", "/api/tasks/{id}/claim", task, new JsonObject { ["by"] = link!.Staff.Id }), "It is yours. Call, then say below how it went.")
            : Stale(http, token);
    }

    private static async Task<IResult> DoneAsync(string token, HttpContext http, LeadLinks links, LeadCards cards, Slices slices, SecurityLog log)
    {
        var (link, lead, instead) = await OpenAsync(token, http, links, cards);
        if (instead is not null)
        {
            return instead;
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return await TaskAsync(http, lead!) is { } task
            ? await PressedAsync(token, http, link!, "completed", log,
                await slices.SendAsync(http, "PUT", "/api/tasks/{id}/completion", task,
                    new JsonObject { ["outcome"] = form["outcome"].ToString(), ["note"] = form["note"].ToString() }), "Done. Thank you.")
            : Stale(http, token);
    }

    private static async Task<IResult> NoteAsync(string token, HttpContext http, LeadLinks links, LeadCards cards, Slices slices, SecurityLog log)
    {
        var (link, lead, instead) = await OpenAsync(token, http, links, cards);
        if (instead is not null)
        {
            return instead;
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return await PressedAsync(token, http, link!, "noted", log,
            await slices.SendAsync(http, "POST", "/api/leads/{id}/notes", lead!.Id.ToString(), new JsonObject { ["text"] = form["text"].ToString() }), "Noted.");
    }

    // Whoever is signed in as well still acts as the link says: the page shows and does the same for everybody who opens it.
    private static async Task<(LeadLink? Link, Lead? Lead, IResult? Instead)> OpenAsync(string token, HttpContext http, LeadLinks links, LeadCards cards)
    {
        if (await links.ReadAsync(token, http.RequestAborted) is not { } link)
        {
            return (null, null, PageAnswer.Message(404, "This link does not open anything.", "Open it from the alert itself, whole and unchanged, or sign in."));
        }

        if (link.IsOver)
        {
            return (null, null, PageAnswer.Of<LinkEndedPage>(410, ("Lead", link.Lead), ("Why", "Links in alerts open their lead for two days, and these are over.")));
        }

        http.Features.Set(new ApiScope(new ApiCaller(Guid.Empty, link.Staff.Id, StaffUser.Staff, link.Business.Id) { ByLink = true }, [link.Business]));
        var lead = await cards.OneAsync(http, link.Lead);
        return lead switch
        {
            null => (null, null, PageAnswer.Message(404, "The lead of this link is not here.", "Sign in and look for it by its number.")),
            { MergedInto: { } into } => (null, null, PageAnswer.Of<LinkEndedPage>(410, ("Lead", into), ("Why", "This inquiry was found to be of somebody who has another record; a link opens only its own."))),
            _ => (link, lead, null),
        };
    }

    // The form names the task it was shown with: a later one is not closed by a page that nobody has looked at since.
    private static async Task<string?> TaskAsync(HttpContext http, Lead lead)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return lead.Task is { } task && form["task"] == task.Id.ToString() ? task.Id.ToString() : null;
    }

    private static async Task<IResult> PressedAsync(string token, HttpContext http, LeadLink link, string what, SecurityLog log, Answer answer, string done)
    {
        await log.WriteAsync($"staff:{link.Staff.Id}", link.Business.Id, "by_link", $"{(answer.Succeeded ? what : "refused")}, lead {link.Lead}", http.RequestAborted);
        return Notice.Then(http, $"/m/{token}", answer.Succeeded ? done : answer.Why, refusal: !answer.Succeeded);
    }

    private static IResult Stale(HttpContext http, string token) =>
        Notice.Then(http, $"/m/{token}", "Something has changed since you opened this page. Look again below; nothing was done.", refusal: true);
}
