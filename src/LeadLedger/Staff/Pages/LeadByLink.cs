using System.Text.Json.Nodes;
using LeadLedger.Leads;
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

    private static async Task<IResult> PageAsync(string token, HttpContext http, LeadDoor door, LeadViews views)
    {
        var (opened, instead) = await door.OpenAsync(http, token);
        if (opened is null)
        {
            return instead!;
        }

        await views.RecordAsync(http, opened.Link.Business.Id, opened.Lead.Id, "link");
        return PageAnswer.Of<LeadByLinkPage>(("Token", token), ("Link", opened.Link), ("Lead", opened.Lead), ("IsMerged", opened.IsMerged));
    }

    private static async Task<IResult> ClaimAsync(string token, HttpContext http, LeadDoor door, Slices slices, SecurityLog log)
    {
        var (opened, instead) = await door.OpenAsync(http, token);
        if (opened is null)
        {
            return instead!;
        }

        return await TaskAsync(http, opened.Lead) is { } task
            ? await PressedAsync(token, http, opened, "claimed", log,
                await slices.SendAsync(http, "PUT", "/api/tasks/{id}/claim", task, new JsonObject { ["by"] = opened.Link.Staff.Id }), "It is yours. Call, then say below how it went.")
            : Stale(http, token);
    }

    private static async Task<IResult> DoneAsync(string token, HttpContext http, LeadDoor door, Slices slices, SecurityLog log)
    {
        var (opened, instead) = await door.OpenAsync(http, token);
        if (opened is null)
        {
            return instead!;
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return await TaskAsync(http, opened.Lead) is { } task
            ? await PressedAsync(token, http, opened, "completed", log,
                await slices.SendAsync(http, "PUT", "/api/tasks/{id}/completion", task,
                    new JsonObject { ["outcome"] = form["outcome"].ToString(), ["note"] = form["note"].ToString() }), "Done. Thank you.")
            : Stale(http, token);
    }

    private static async Task<IResult> NoteAsync(string token, HttpContext http, LeadDoor door, Slices slices, SecurityLog log)
    {
        var (opened, instead) = await door.OpenAsync(http, token);
        if (opened is null)
        {
            return instead!;
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return await PressedAsync(token, http, opened, "noted", log,
            await slices.SendAsync(http, "POST", "/api/leads/{id}/notes", opened.Lead.Id.ToString(), new JsonObject { ["text"] = form["text"].ToString() }), "Noted.");
    }

    // The form names the task it was shown with: a later one is not closed by a page that nobody has looked at since.
    private static async Task<string?> TaskAsync(HttpContext http, Lead lead)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return lead.Task is { } task && form["task"] == task.Id.ToString() ? task.Id.ToString() : null;
    }

    private static async Task<IResult> PressedAsync(string token, HttpContext http, LinkedLead opened, string what, SecurityLog log, Answer answer, string done)
    {
        var through = opened.IsMerged ? $", by a link to {opened.Link.Lead}, which was merged into it" : "";
        await log.WriteAsync(
            $"staff:{opened.Link.Staff.Id}", opened.Link.Business.Id, "by_link", $"{(answer.Succeeded ? what : "refused")}, lead {opened.Lead.Id}{through}", http.RequestAborted);
        return Notice.Then(http, $"/m/{token}", answer.Succeeded ? done : answer.Why, refusal: !answer.Succeeded);
    }

    private static IResult Stale(HttpContext http, string token) =>
        Notice.Then(http, $"/m/{token}", "Something has changed since you opened this page. Look again below; nothing was done.", refusal: true);
}
