using System.Text.Json.Nodes;
using LeadLedger.Leads;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;

namespace LeadLedger.Staff.Pages;

/// <summary>An inquiry that could be several people's, or anybody's.</summary>
/// <param name="Lead">The number-level or unidentified lead.</param>
/// <param name="Candidates">Leads on the same number; none for a withheld one.</param>
/// <param name="Masked">Personal data is hidden from whoever looks.</param>
public sealed record Unknown(Lead Lead, IReadOnlyList<Lead> Candidates, bool Masked);

/// <summary>SCR-11: calls on shared or withheld numbers, and who they may have been.</summary>
public static class WhoIsThis
{
    private const int Most = 40;
    private const int ShownAtOnce = 20;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/who-is-this", PageAccess.Read, PageAsync);
        routes.MapPost("/who-is-this/{id}/pick", PageAccess.Write, PickAsync);
        routes.MapPost("/who-is-this/{id}/own", PageAccess.Write, OwnAsync);
        routes.MapPost("/who-is-this/{id}/leave", PageAccess.Write, LeaveAsync);
    }

    private static async Task<IResult> PageAsync(HttpContext http, Slices slices, LeadCards cards, LeadViews views)
    {
        var ids = new List<Guid>();
        foreach (var (kind, open) in new[] { ("number_level", "true"), ("unidentified", "true"), ("unidentified", "false") })
        {
            var found = await slices.GetAsync(http, "/api/leads", null, ("kind", kind), ("hasOpenTask", open), ("limit", $"{Most}"));
            ids.AddRange(found.Body.Items().Select(item => Guid.Parse(item.Required("id"))));
        }

        // A pick can also wait on a lead of another kind, such as after a merge was undone.
        var picks = await slices.GetAsync(http, "/api/tasks", null, ("kind", "pick"), ("limit", $"{Most}"));
        ids.AddRange(picks.Body.Items().Select(item => Guid.Parse(item.Required("leadId"))));
        var leads = await cards.OfAsync(http, ids);
        var others = await cards.OfAsync(http, leads.Values.SelectMany(CandidatesOf));
        var all = new List<Unknown>();
        foreach (var lead in leads.Values.Where(lead => lead.MergedInto is null).OrderByDescending(lead => lead.HasOpenTask).ThenBy(lead => lead.Task?.DueAt))
        {
            all.Add(new Unknown(
                lead,
                [.. CandidatesOf(lead).Select(id => others.GetValueOrDefault(id)).OfType<Lead>().Where(other => other.MergedInto is null && other.Business == lead.Business)],
                await views.IsMaskedAsync(http, lead.Business, lead.Id)));
        }

        var waiting = all.Where(each => each.Lead.HasOpenTask).ToArray();
        return PageAnswer.Of<WhoIsThisPage>(
            ("Open", (IReadOnlyList<Unknown>)[.. waiting.Take(ShownAtOnce)]),
            ("More", Math.Max(0, waiting.Length - ShownAtOnce)),
            ("Left", (IReadOnlyList<Unknown>)[.. all.Where(each => !each.Lead.HasOpenTask).OrderByDescending(each => each.Lead.LastInquiryAt).Take(Most)]));
    }

    private static IEnumerable<Guid> CandidatesOf(Lead lead) =>
        (lead.Task is { Candidates.IsDefaultOrEmpty: false } task ? task.Candidates : []).Concat(lead.SharesWith).Where(id => id != lead.Id).Distinct();

    // To pick somebody is to merge this record into theirs, so theirs is the one that the route of the merge names.
    private static async Task<IResult> PickAsync(string id, HttpContext http, Slices slices)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (LeadNamed(form["lead"].ToString()) is not { } chosen)
        {
            return Back(http, "Choose somebody first, or paste the address of their page. Nothing was changed.", true);
        }

        var answer = await slices.SendAsync(http, "POST", "/api/leads/{id}/mergers", chosen,
            new JsonObject { ["other"] = id, ["reason"] = form["reason"].ToString() });
        return answer.Succeeded ? Back(http, "Done: the inquiry belongs to them now, and so does its callback.") : Back(http, answer.Why, true);
    }

    private static async Task<IResult> OwnAsync(string id, HttpContext http, Slices slices, LeadCards cards)
    {
        if (await TaskOfAsync(id, http, cards) is not { } task)
        {
            return Back(http, "There is no open callback any more. Nothing was changed.", true);
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var by = form["by"].ToString() is { Length: > 0 } named ? new JsonObject { ["by"] = named } : [];
        var answer = await slices.SendAsync(http, "PUT", "/api/tasks/{id}/claim", task, by);
        if (answer.Succeeded)
        {
            await slices.SendAsync(http, "POST", "/api/leads/{id}/notes", id, new JsonObject { ["text"] = "Taken for a new person: stays a record of its own." });
        }

        return answer.Succeeded ? Back(http, "It stays a record of its own, and its callback is taken. Close it on Today once you have spoken.") : Back(http, answer.Why, true);
    }

    private static async Task<IResult> LeaveAsync(string id, HttpContext http, Slices slices, LeadCards cards)
    {
        if (await TaskOfAsync(id, http, cards) is not { } task)
        {
            return Back(http, "There is no open callback any more. Nothing was changed.", true);
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var reason = form["reason"].ToString().Trim();
        var answer = await slices.SendAsync(http, "PUT", "/api/tasks/{id}/cancellation", task,
            new JsonObject { ["reason"] = reason.Length == 0 ? "" : $"left unidentified: {reason}" });
        return answer.Succeeded ? Back(http, "Left unidentified. The record and its history stay; nobody is reminded of it any more.") : Back(http, answer.Why, true);
    }

    private static async Task<string?> TaskOfAsync(string id, HttpContext http, LeadCards cards) =>
        Guid.TryParse(id, out var lead) && await cards.OneAsync(http, lead) is { HasOpenTask: true, Task: { } task } ? task.Id.ToString() : null;

    // An id, or the address of a lead's page with the id at its end.
    private static string? LeadNamed(string text)
    {
        var part = text.Trim().Split('?')[0].TrimEnd('/').Split('/')[^1];
        return Guid.TryParse(part, out var id) ? id.ToString() : null;
    }

    private static IResult Back(HttpContext http, string text, bool refusal = false) => Notice.Then(http, "/who-is-this", text, refusal);
}
