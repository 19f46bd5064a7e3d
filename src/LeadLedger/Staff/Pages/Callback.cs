using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadLedger.Leads;
using LeadLedger.Staff.Frame;

namespace LeadLedger.Staff.Pages;

/// <summary>SCR-02: the card of one callback. Whom to call, what they wanted, and how it went.</summary>
public static class Callback
{
    private const int LatestEvents = 3;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/callbacks/{id}", PageAccess.Read, (string id, HttpContext http, LeadDesk desk, Slices slices) => CardAsync(id, http, desk, slices));
        routes.MapPost("/callbacks/{id}/complete", PageAccess.Write, CompleteAsync);
        routes.MapPost("/callbacks/{id}/reassign", PageAccess.Write, ReassignAsync);
        routes.MapPost("/callbacks/{id}/cancel", PageAccess.Write, CancelAsync);
    }

    /// <summary>How a callback can end, as its card words it.</summary>
    public static string Outcome(string outcome) => outcome switch
    {
        TaskOutcomes.Spoke => "Spoke with them",
        TaskOutcomes.Voicemail => "Left a voicemail",
        TaskOutcomes.WrongNumber => "Wrong number",
        TaskOutcomes.EstimateScheduled => "Estimate scheduled",
        TaskOutcomes.NoInterest => "No interest",
        _ => Shown.Words(outcome),
    };

    /// <summary>What is not known yet and worth asking for.</summary>
    public static IReadOnlyList<string> Missing(Lead lead) =>
        [.. new[]
        {
            string.IsNullOrWhiteSpace(lead.Name) ? "their name" : null,
            lead.Phone is null ? "a number" : null,
            lead.Email is null ? "an e-mail address" : null,
            lead.Service is null && lead.Message is null ? "what they want" : null,
        }.OfType<string>()];

    private static async Task<IResult> CardAsync(
        string id, HttpContext http, LeadDesk desk, Slices slices, string? outcome = null, string? note = null, int status = StatusCodes.Status200OK)
    {
        var task = await slices.GetAsync(http, "/api/tasks/{id}", id);
        if (!task.Succeeded || await desk.OpenAsync(http, task.Body.Required("leadId"), "callback") is not { } lead)
        {
            return PageAnswer.Message(
                404, "There is no such callback, or you do not see it.", "A lead has one callback at a time; a later one may have taken its place. See Today for those that are open.");
        }

        var number = lead.Lead.Task?.Number ?? lead.Lead.Phone;
        var point = number is null ? default : (await slices.GetAsync(http, "/api/contact-points", null, ("value", number)))
            .Body.Items().FirstOrDefault(item => item.Text("business") == lead.Business.Id);
        var outbox = await slices.GetAsync(http, "/api/outbox", null, ("leadId", lead.Id.ToString()), ("limit", "200"));
        var start = Math.Max(0, lead.Lead.Version - LatestEvents).ToString(CultureInfo.InvariantCulture);
        var latest = await desk.PastAsync(http, lead.Id, LatestEvents * 4, null, start);
        return PageAnswer.Of<CallbackPage>(
            status,
            ("Card", task.Body),
            ("Lead", lead),
            ("Number", number),
            ("Point", point.ValueKind == JsonValueKind.Object ? (JsonElement?)point : null),
            ("Latest", latest.Events.TakeLast(LatestEvents).Reverse().ToArray()),
            ("Next", LeadSheet.Next(outbox.Body.Items(), lead)),
            ("Outcome", outcome),
            ("Note", note));
    }

    private static async Task<IResult> CompleteAsync(string id, HttpContext http, LeadDesk desk, Slices slices)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (outcome, note) = (form["outcome"].ToString(), form["note"].ToString());
        var body = new JsonObject { ["outcome"] = outcome.Length == 0 ? null : outcome, ["note"] = note.Length == 0 ? null : note };
        var answer = outcome.Length == 0 ? null : await slices.SendAsync(http, "PUT", "/api/tasks/{id}/completion", id, body);
        if (answer is { Succeeded: true })
        {
            return Notice.Then(http, "/", $"Saved: {Shown.Words(outcome)}. The callback is done.");
        }

        // What was typed is not lost over a refusal.
        Notice.Say(http, answer?.Why ?? "Say how it ended: choose one of the outcomes. Nothing was saved.", refusal: true);
        return await CardAsync(id, http, desk, slices, outcome, note, answer?.Status ?? StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> ReassignAsync(string id, HttpContext http, Slices slices)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (string.IsNullOrWhiteSpace(form["reason"]))
        {
            return Notice.Then(http, Path(id), "Say why somebody else should call. Nothing was changed.", refusal: true);
        }

        var body = new JsonObject { ["owner"] = form["owner"].ToString(), ["reason"] = form["reason"].ToString() };
        var answer = await slices.SendAsync(http, "PUT", "/api/tasks/{id}/assignment", id, body);
        return answer.Succeeded ? Notice.Then(http, Path(id), "It is theirs now.") : Notice.Then(http, Path(id), answer.Why, refusal: true);
    }

    private static async Task<IResult> CancelAsync(string id, HttpContext http, Slices slices)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var answer = await slices.SendAsync(http, "PUT", "/api/tasks/{id}/cancellation", id, new JsonObject { ["reason"] = form["reason"].ToString() });
        return answer.Succeeded
            ? Notice.Then(http, "/", "The callback is cancelled. Nobody is reminded of it any more.")
            : Notice.Then(http, Path(id), answer.Why, refusal: true);
    }

    private static string Path(string id) => $"/callbacks/{(Guid.TryParse(id, out var task) ? task : Guid.Empty)}";
}
