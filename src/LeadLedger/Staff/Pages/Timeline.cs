using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LeadLedger.Staff.Frame;

namespace LeadLedger.Staff.Pages;

/// <summary>SCR-05: every event of a lead as a sentence, with what proves it underneath.</summary>
public static class Timeline
{
    private const int Rows = 30;

    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/leads/{id}/timeline", PageAccess.Read, PageAsync);
        routes.MapPage("/leads/{id}/timeline/json", PageAccess.Read, JsonAsync);
    }

    /// <summary>JSON for reading; the page encodes it.</summary>
    public static string Indented(JsonElement? data) => data is { } element ? JsonSerializer.Serialize(element, Pretty) : "";

    private static async Task<IResult> PageAsync(string id, HttpContext http, LeadDesk desk, string? kind, string? after)
    {
        if (await desk.OpenAsync(http, id, "timeline") is not { } lead)
        {
            return LeadDesk.NotFound();
        }

        var chosen = EventKinds.Each.Any(each => each.Id == kind) ? kind : null;
        var past = await desk.PastAsync(
            http, lead.Id, Rows, chosen is null ? null : entry => EventKinds.Of(entry.Required("type")) == chosen, after);
        return past.Why is { } why
            ? Notice.Then(http, $"/leads/{lead.Id}/timeline", why, refusal: true)
            : PageAnswer.Of<TimelinePage>(("Lead", lead), ("Past", past), ("Kind", chosen), ("After", after));
    }

    // What the API answers, for people who look closer and carry no key.
    private static async Task<IResult> JsonAsync(string id, HttpContext http, LeadDesk desk, Slices slices, string? after)
    {
        if (await desk.OpenAsync(http, id, "timeline json") is not { } lead)
        {
            return LeadDesk.NotFound();
        }

        if (lead.IsMasked)
        {
            return PageAnswer.Message(403, "This lead's raw data is hidden from auditors.", "Unmask the lead on its page first, with a reason; then open this again.");
        }

        var answer = await slices.GetAsync(http, "/api/leads/{id}/history", id, ("limit", "200"), ("after", after));
        return Results.Text(answer.Body.GetRawText(), "application/json", Encoding.UTF8, answer.Status);
    }
}
