using System.Text.Json;
using System.Text.Json.Nodes;
using LeadLedger.Leads;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;
using NodaTime;

namespace LeadLedger.Staff.Pages;

/// <summary>A lead that waits for a person, and everything it waits for.</summary>
/// <param name="Lead">The lead.</param>
/// <param name="Reasons">Why it is here, one sentence each, the most urgent first.</param>
/// <param name="Since">Since when the oldest of them waits.</param>
/// <param name="Rank">0 is the most urgent.</param>
/// <param name="Texts">Texts of which it is not known whether they arrived.</param>
/// <param name="Masked">Personal data is hidden from whoever looks.</param>
public sealed record Escalation(Lead Lead, IReadOnlyList<string> Reasons, Instant Since, int Rank, IReadOnlyList<JsonElement> Texts, bool Masked);

/// <summary>SCR-13: what the rules could not settle and a person must: nobody took it, it may be an opt-out, or a text may not have arrived.</summary>
public static class Escalations
{
    private const string Home = "/escalations";
    private const int Most = 100;
    private const int ShownAtOnce = 20;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage(Home, PageAccess.Read, PageAsync);
        routes.MapPost("/escalations/{id}/take", PageAccess.Write, TakeAsync);
        routes.MapPost("/escalations/{id}/assign", PageAccess.Write, AssignAsync);
        routes.MapPost("/escalations/{id}/resolve", PageAccess.Write, ResolveAsync);
        routes.MapPost("/escalations/{id}/phrase", PageAccess.Write, PhraseAsync);
        routes.MapPost("/escalations/texts/{id}/discard", PageAccess.Write, DiscardAsync);
    }

    private static async Task<IResult> PageAsync(HttpContext http, Slices slices, OpenMatters matters, LeadCards cards, LeadViews views)
    {
        var ids = new HashSet<Guid>(await matters.HeldAsync(http));
        foreach (var (name, value) in new[] { ("overdue", "true"), ("queue", "triage"), ("queue", "human") })
        {
            var tasks = await slices.GetAsync(http, "/api/tasks", null, (name, value), ("unclaimed", name == "overdue" ? "true" : null), ("limit", $"{Most}"));
            ids.UnionWith(tasks.Body.Items().Select(task => Guid.Parse(task.Required("leadId"))));
        }

        var urgent = await slices.GetAsync(http, "/api/leads", null, ("urgent", "true"), ("hasOpenTask", "true"), ("limit", $"{Most}"));
        ids.UnionWith(urgent.Body.Items().Select(lead => Guid.Parse(lead.Required("id"))));
        var texts = new List<JsonElement>();
        foreach (var state in new[] { "ambiguous", "unconfirmed" })
        {
            var waiting = await slices.GetAsync(http, "/api/dead-letters", null, ("state", state), ("kind", "send_sms"), ("limit", $"{Most}"));
            texts.AddRange(waiting.Body.Items().Where(item => item.Text("leadId") is not null));
        }

        var textsOf = texts.ToLookup(text => Guid.Parse(text.Required("leadId")));
        ids.UnionWith(textsOf.Select(group => group.Key));
        var page = PageContext.Of(http);
        var all = new List<Escalation>();
        foreach (var lead in (await cards.OfAsync(http, ids)).Values.Where(lead => lead.MergedInto is null))
        {
            var held = textsOf[lead.Id].ToArray();
            if (Of(lead, held, page.Now) is { } escalation)
            {
                all.Add(escalation with { Masked = await views.IsMaskedAsync(http, lead.Business, lead.Id) });
            }
        }

        var ordered = all.OrderBy(each => each.Rank).ThenBy(each => each.Since).ToArray();
        return PageAnswer.Of<EscalationsPage>(("All", (IReadOnlyList<Escalation>)[.. ordered.Take(ShownAtOnce)]), ("More", Math.Max(0, ordered.Length - ShownAtOnce)));
    }

    /// <summary>Why a lead waits for a person; null when it does not.</summary>
    /// <param name="lead">The lead.</param>
    /// <param name="texts">Its texts of which it is not known whether they arrived.</param>
    /// <param name="now">Now.</param>
    public static Escalation? Of(Lead lead, IReadOnlyList<JsonElement> texts, Instant now)
    {
        var reasons = new List<(int Rank, string Why, Instant Since)>();
        if (lead is { HasOpenTask: true, Task: { } task })
        {
            if (lead.UrgentWords.Length > 0)
            {
                reasons.Add((0, $"Urgent words were read ({string.Join(", ", lead.UrgentWords.Take(3))}): somebody should call now.", task.OpenedAt));
            }

            if (task.ClaimedBy is null && task.DueAt < now)
            {
                reasons.Add((1, $"Nobody has taken the callback, and its time ran out {Shown.Relative(task.DueAt, now)}.", task.DueAt));
            }

            if (task.Queue == "triage")
            {
                reasons.Add((3, "No rule found an owner for it: it waits until somebody takes it or gives it to somebody.", task.OpenedAt));
            }
            else if (task.Queue == "human")
            {
                reasons.Add((1, "It climbed the whole ladder of reminders without being done.", task.OpenedAt));
            }
        }

        if (lead.OptOutHeld)
        {
            reasons.Add((2, "Words that may be an opt-out wait to be read; no text goes there until then.", lead.LastInquiryAt));
        }

        foreach (var text in texts)
        {
            reasons.Add((2, text.Text("state") == "unconfirmed"
                ? "A text may not have arrived, and the provider does not know either. It is not sent again by itself; a call is the sure way."
                : "Whether a text left is being found out from the provider. It is not sent again by itself.", text.At("createdAt") ?? lead.LastInquiryAt));
        }

        return reasons.Count == 0 ? null : new Escalation(
            lead, [.. reasons.OrderBy(each => each.Rank).Select(each => each.Why)], reasons.Min(each => each.Since), reasons.Min(each => each.Rank), texts, false);
    }

    private static async Task<IResult> TakeAsync(string id, HttpContext http, Slices slices)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var by = form["by"].ToString() is { Length: > 0 } named ? new JsonObject { ["by"] = named } : [];
        return Back(http, await slices.SendAsync(http, "PUT", "/api/tasks/{id}/claim", id, by), "Taken. It stays on this page only while something else waits.");
    }

    private static async Task<IResult> AssignAsync(string id, HttpContext http, Slices slices)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return Back(http, await slices.SendAsync(http, "PUT", "/api/tasks/{id}/assignment", id,
            new JsonObject { ["owner"] = form["owner"].ToString(), ["reason"] = form["reason"].ToString() }), "Given to them. It is theirs to call from now on.");
    }

    private static async Task<IResult> ResolveAsync(string id, HttpContext http, Slices slices)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (outcome, reason) = (form["outcome"].ToString(), form["reason"].ToString().Trim());
        if (reason.Length == 0)
        {
            return Notice.Then(http, Home, "Say why, in a few words; it stands in the history. Nothing was changed.", refusal: true);
        }

        return outcome == "cancelled"
            ? Back(http, await slices.SendAsync(http, "PUT", "/api/tasks/{id}/cancellation", id, new JsonObject { ["reason"] = reason }), "Closed without a call, with your reason.")
            : Back(http, await slices.SendAsync(http, "PUT", "/api/tasks/{id}/completion", id, new JsonObject { ["outcome"] = outcome, ["note"] = reason }), "Done, with your note.");
    }

    private static async Task<IResult> PhraseAsync(string id, HttpContext http, Slices slices)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var optOut = form["optOut"] == "yes";
        return Back(http, await slices.SendAsync(http, "PUT", "/api/leads/{id}/held-phrase", id, new JsonObject { ["optOut"] = optOut }),
            optOut ? "Recorded as an opt-out: no more texts go there." : "Recorded as no opt-out: what was held is decided again by the usual rules.");
    }

    private static async Task<IResult> DiscardAsync(string id, HttpContext http, Slices slices)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return Back(http, await slices.SendAsync(http, "PUT", "/api/dead-letters/{id}/discard", id, new JsonObject { ["reason"] = form["reason"].ToString() }),
            "Put aside, with your reason. It is not sent again.");
    }

    private static IResult Back(HttpContext http, Answer answer, string done) =>
        Notice.Then(http, Home, answer.Succeeded ? done : answer.Why, refusal: !answer.Succeeded);
}
