using System.Text.Json;
using System.Text.Json.Nodes;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Reconciling;
using LeadLedger.Sending;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;
using LeadLedger.Staff.Parts;
using NodaTime;

namespace LeadLedger.Staff.Pages;

/// <summary>Something that will happen by itself, and how to stop it.</summary>
/// <param name="What">In words.</param>
/// <param name="At">When.</param>
/// <param name="Stop">What would stop it.</param>
/// <param name="Work">The text that can be cancelled by itself; null for what cannot.</param>
public sealed record NextAction(string What, Instant At, string Stop, string? Work);

/// <summary>Work of this lead that was given up and waits for a person.</summary>
public sealed record WaitingWork(string Id, string What, string State, string? Error);

/// <summary>SCR-04: one lead. Who it is, what happens next by itself, whose it is, and what was done.</summary>
public static class LeadSheet
{
    private const int MostViews = 20;
    private const int MostNotes = 50;
    private const int LatestDecisions = 5;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/leads/{id}", PageAccess.Read, PageAsync);
        routes.MapPost("/leads/{id}/note", PageAccess.Write, NoteAsync);
        routes.MapPost("/leads/{id}/unmask", PageAccess.Read, UnmaskAsync);
        routes.MapPost("/leads/{id}/work/{work}/discard", PageAccess.Write, DiscardAsync);
        routes.MapPost("/leads/{id}/work/{work}/cancel", PageAccess.Write, CancelAsync);
    }

    private static async Task<IResult> PageAsync(string id, HttpContext http, LeadDesk desk, Slices slices, LeadViews views)
    {
        if (await desk.OpenAsync(http, id, "lead") is not { } lead)
        {
            return LeadDesk.NotFound();
        }

        if (lead.Survivor is not null)
        {
            return PageAnswer.Of<MergedLeadPage>(StatusCodes.Status410Gone, ("Lead", lead));
        }

        var consents = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var point in lead.Lead.ContactPoints.Take(10))
        {
            var answer = await slices.GetAsync(http, "/api/contact-points", null, ("value", point.Value));
            if (answer.Body.Items().FirstOrDefault(item => item.Text("business") == lead.Business.Id) is { ValueKind: JsonValueKind.Object } known)
            {
                consents[point.Value] = known;
            }
        }

        var outbox = (await slices.GetAsync(http, "/api/outbox", null, ("leadId", id), ("limit", "200"))).Body.Items();
        var decisions = await slices.GetAsync(http, "/api/leads/{id}/decisions", id, ("limit", $"{LatestDecisions}"));
        var notes = await desk.NotesAsync(lead, MostNotes, http.RequestAborted);
        return PageAnswer.Of<LeadSheetPage>(
            ("Lead", lead),
            ("Consents", consents),
            ("Next", Next(outbox, lead)),
            ("Waiting", Waiting(outbox)),
            ("Decisions", decisions.Body.Items()),
            ("Notes", notes),
            ("Views", await views.LatestAsync([lead.Business.Id], lead.Id, MostViews, http.RequestAborted)));
    }

    private static async Task<IResult> NoteAsync(string id, HttpContext http, Slices slices)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var answer = await slices.SendAsync(http, "POST", "/api/leads/{id}/notes", id, new JsonObject { ["text"] = form["text"].ToString() });
        return answer.Succeeded
            ? Notice.Then(http, Back(id), "The note is kept in the lead's history.")
            : Notice.Then(http, Back(id), answer.Why, refusal: true);
    }

    private static async Task<IResult> DiscardAsync(string id, string work, HttpContext http, Slices slices)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var answer = await slices.SendAsync(http, "PUT", "/api/dead-letters/{id}/discard", work, new JsonObject { ["reason"] = form["reason"].ToString() });
        return answer.Succeeded
            ? Notice.Then(http, Back(id), "It is given up for good. The history says who and why.")
            : Notice.Then(http, Back(id), answer.Why, refusal: true);
    }

    private static async Task<IResult> CancelAsync(string id, string work, HttpContext http, Slices slices)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var answer = await slices.SendAsync(http, "PUT", "/api/outbox/{id}/cancellation", work, new JsonObject { ["reason"] = form["reason"].ToString() });
        var back = form["back"].ToString().StartsWith("/callbacks/", StringComparison.Ordinal) ? form["back"].ToString() : Back(id);
        return answer.Succeeded
            ? Notice.Then(http, back, "Cancelled: it does not go out. The history says who and why; the callback stays open.")
            : Notice.Then(http, back, answer.Why, refusal: true);
    }

    // The one post an auditor may make: it changes nothing about the lead, and is kept.
    private static async Task<IResult> UnmaskAsync(string id, HttpContext http, LeadCards cards, LeadViews views, SecurityLog log)
    {
        if (!Guid.TryParse(id, out var lead) || await cards.OneAsync(http, lead) is not { } found)
        {
            return LeadDesk.NotFound();
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var tab = form["tab"].ToString() is "/timeline" or "/as-of" or "/why" or "/conversation" or "/merges" ? form["tab"].ToString() : "";
        var reason = form["reason"].ToString().Trim();
        if (reason.Length < 3)
        {
            return Notice.Then(http, Back(id) + tab, "Say why you need to see personal data. It stays hidden.", refusal: true);
        }

        await views.UnmaskAsync(http, found.Business, lead, reason);
        await log.WriteAsync(StaffSession.Of(http).User.Caller.Actor, found.Business, "unmasked", $"lead {lead}: {reason}", http.RequestAborted);
        return Notice.Then(http, Back(id) + tab, $"You see this lead's personal data for {Shown.Span(LeadViews.UnmaskedFor)}. Your reason is kept.");
    }

    private static string Back(string id) => $"/leads/{(Guid.TryParse(id, out var lead) ? lead : Guid.Empty)}";

    /// <summary>What is scheduled, soonest first.</summary>
    public static IReadOnlyList<NextAction> Next(IReadOnlyList<JsonElement> outbox, OpenedLead lead)
    {
        var task = lead.Lead.Task is { ClosedAt: null } open ? open : null;
        return [.. outbox
            .Where(work => work.Text("state") is OutboxStates.Pending or OutboxStates.Claimed or OutboxStates.Calling)
            .Select(work => Describe(work, lead, task?.Id.ToString()))
            .OfType<NextAction>()
            .OrderBy(action => action.At)];
    }

    private static NextAction? Describe(JsonElement work, OpenedLead lead, string? task)
    {
        var at = work.At("dueAt") ?? Instant.MinValue;
        var payload = work.Member("payload") ?? default;
        var isUnderWay = work.Text("state") == OutboxStates.Calling;
        return work.Text("kind") switch
        {
            WorkKinds.SendSms when isUnderWay => new NextAction("A text is being handed to the provider.", at, "It cannot be stopped any more.", null),
            WorkKinds.SendSms => new NextAction(
                $"A text goes out ({LeadWords.Purpose(payload.Text("purpose"))}): \u201c{lead.Text(payload.Text("body"))}\u201d", at,
                task is null ? "An opt-out recorded under Consent stops it too." : "Closing the callback stops it too; so does an opt-out.", work.Text("id")),
            WorkKinds.ReconsiderInquiry => new NextAction(
                $"It is decided again whether they may be texted ({LeadWords.Purpose(payload.Text("purpose"))}); if so, the text goes out then.", at,
                task is null ? "An opt-out recorded under Consent keeps it from becoming a text too." : "Closing the callback keeps it from becoming a text too; so does an opt-out.", work.Text("id")),
            WorkKinds.EscalateTask when payload.Text("task") == task => new NextAction(
                $"The callback climbs to the next step ({Shown.Words(payload.Text("rung"))}) and others are told.", at,
                "It is not cancelled by itself: taking the callback, or closing it, ends the reminders.", null),
            WorkKinds.EscalateTask => null,
            WorkKinds.AlertBySms or WorkKinds.AlertByEmail or WorkKinds.AlertByChannel => new NextAction(
                $"{LeadWords.Staff(lead.Business, payload.Text("recipient"))} is alerted by {payload.Text("channel")}.", at,
                "It only tells staff; pausing alerts under Outbox holds it.", null),
            WorkKinds.MirrorLead => new NextAction($"{payload.Text("target")} gets this lead's state.", at, "Pausing that system under Outbox holds it.", null),
            WorkKinds.SuggestMerges => new NextAction("It is compared with other leads for duplicates.", at, "It changes nothing; a person decides about merging.", null),
            SettleText.Kind => new NextAction("The provider is asked what became of a text.", at, "It only asks; nothing is sent to them by it.", null),
            var other => new NextAction($"{Shown.Words(other)}.", at, "It is housekeeping and reaches nobody outside.", null),
        };
    }

    private static List<WaitingWork> Waiting(IReadOnlyList<JsonElement> outbox) =>
        [.. outbox.Where(work => work.Texts("offers").Contains("discard")).Select(work =>
            new WaitingWork(work.Required("id"), WorkRow.Name(work.Required("kind")), WorkRow.State(work.Required("state")), work.Text("lastError")))];
}
