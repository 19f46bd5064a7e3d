using System.Text.Json.Nodes;
using LeadLedger.Staff.Frame;

namespace LeadLedger.Staff.Pages;

/// <summary>SCR-14: what leaves or waits to: what is paused, what waits for a person, and every work item with its attempts.</summary>
public static class OutboxList
{
    private const int Shown = 25;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/outbox", PageAccess.Read, PageAsync);
        routes.MapPage("/outbox/{id}/send-again", PageAccess.Write, SendAgainPageAsync);
        routes.MapPost("/outbox/pause", PageAccess.Write, (HttpContext http, Slices slices) => PauseAsync(http, slices, "/api/sending/pause", "Paused. What is due waits until somebody resumes it; alerts and tasks go on."));
        routes.MapPost("/outbox/resume", PageAccess.Write, (HttpContext http, Slices slices) => PauseAsync(http, slices, "/api/sending/resume", "Resumed. What waited is decided again, one after another; what is too late is not sent."));
        routes.MapPost("/outbox/{id}/retry", PageAccess.Write, RetryAsync);
        routes.MapPost("/outbox/retry-all", PageAccess.Write, RetryAllAsync);
        routes.MapPost("/outbox/{id}/discard", PageAccess.Write, DiscardAsync);
        routes.MapPost("/outbox/{id}/send-again", PageAccess.Write, SendAgainAsync);
    }

    private static async Task<IResult> PageAsync(HttpContext http, Slices slices, string? state, string? kind, string? after)
    {
        var sending = await slices.GetAsync(http, "/api/sending");
        var dead = await slices.GetAsync(http, "/api/dead-letters", null, ("limit", $"{Shown}"));
        var work = await slices.GetAsync(http, "/api/outbox", null, ("limit", $"{Shown}"), ("state", state), ("kind", kind), ("cursor", after));
        if (!work.Succeeded)
        {
            return PageAnswer.Message(400, "This list cannot be shown.", work.Why);
        }

        return PageAnswer.Of<OutboxPage>(
            ("Sending", sending.Body), ("Dead", dead.Body), ("Work", work.Body), ("State", state), ("Kind", kind), ("After", after));
    }

    private static async Task<IResult> SendAgainPageAsync(string id, HttpContext http, SendAgainPreview preview)
    {
        var (text, why) = await preview.OfAsync(http, id);
        return text is null
            ? PageAnswer.Message(409, "This text cannot be sent again.", why!)
            : PageAnswer.Of<SendAgainPage>(("Id", id), ("Text", text));
    }

    // The scope comes with its business: the same scope can be paused in one business and not in another.
    private static async Task<IResult> PauseAsync(HttpContext http, Slices slices, string route, string done)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var target = form["target"].ToString().Split('|', 2);
        var body = new JsonObject { ["business"] = target[0], ["scope"] = target.Length == 2 ? target[1] : null, ["reason"] = form["reason"].ToString() };
        var answer = await slices.SendAsync(http, "POST", route, null, body);
        return Back(http, answer, done);
    }

    private static async Task<IResult> RetryAsync(string id, HttpContext http, Slices slices) =>
        Back(http, await slices.SendAsync(http, "PUT", "/api/dead-letters/{id}/retry", id, []), "It is tried again now; its attempts count anew.");

    private static async Task<IResult> RetryAllAsync(HttpContext http, Slices slices)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var answer = await slices.SendAsync(http, "POST", "/api/dead-letters/retry", null, new JsonObject { ["kind"] = form["kind"].ToString() });
        return Back(http, answer, $"{answer.Body.Number("retried")} are tried again now."
            + (answer.Body.Number("changedMeanwhile") is var changed and > 0 ? $" {changed} had changed meanwhile." : "")
            + (answer.Body.Flag("more") ? " There are more: press again." : ""));
    }

    private static async Task<IResult> DiscardAsync(string id, HttpContext http, Slices slices)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var answer = await slices.SendAsync(http, "PUT", "/api/dead-letters/{id}/discard", id, new JsonObject { ["reason"] = form["reason"].ToString() });
        return Back(http, answer, "Given up for good; the lead's history says why.");
    }

    private static async Task<IResult> SendAgainAsync(string id, HttpContext http, Slices slices, SendAgainPreview preview)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (text, why) = await preview.OfAsync(http, id);
        if (text is null)
        {
            return Notice.Then(http, "/outbox", why!, refusal: true);
        }

        if (form["seen"].ToString() != text.Seen)
        {
            return Notice.Then(http, $"/outbox/{id}/send-again", "Nothing was sent: the text is no longer the one you saw. Read it as it is now, and press again.", refusal: true);
        }

        return Back(http, await slices.SendAsync(http, "PUT", "/api/dead-letters/{id}/send-again", id, []), "It was decided anew and is on its way.");
    }

    private static IResult Back(HttpContext http, Answer answer, string done) =>
        Notice.Then(http, "/outbox", answer.Succeeded ? done : answer.Why, refusal: !answer.Succeeded);
}
