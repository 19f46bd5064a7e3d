using System.Text.Json;
using LeadLedger.Staff.Frame;
using NodaTime;

namespace LeadLedger.Staff.Pages;

/// <summary>One text between them and us.</summary>
/// <param name="Ours">Whether we sent it.</param>
/// <param name="Number">Theirs.</param>
/// <param name="State">How far ours got, and why no further.</param>
public sealed record TextBubble(Guid Id, bool Ours, Instant At, string Body, string? Number, string? Purpose, int Media, string State, Instant? StateAt);

/// <summary>SCR-08: the texts in both directions, with how far each of ours got.</summary>
public static class Conversation
{
    private const int Most = 400;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPage("/leads/{id}/conversation", PageAccess.Read, PageAsync);

    private static async Task<IResult> PageAsync(string id, HttpContext http, LeadDesk desk, string? after)
    {
        if (await desk.OpenAsync(http, id, "conversation") is not { } lead)
        {
            return LeadDesk.NotFound();
        }

        var past = await desk.PastAsync(http, lead.Id, Most, entry => entry.Required("type").StartsWith("sms_", StringComparison.Ordinal), after);
        return past.Why is { } why
            ? Notice.Then(http, $"/leads/{lead.Id}/conversation", why, refusal: true)
            : PageAnswer.Of<ConversationPage>(("Lead", lead), ("Texts", Fold(past.Events)), ("Next", past.Next));
    }

    /// <summary>Texts out of events in the order they were recorded.</summary>
    public static IReadOnlyList<TextBubble> Fold(IEnumerable<JsonElement> events)
    {
        var texts = new List<TextBubble>();
        foreach (var entry in events)
        {
            var data = entry.Member("data") ?? default;
            var at = entry.At("recordedAt") ?? Instant.MinValue;
            switch (entry.Required("type"))
            {
                case "sms_received":
                    texts.Add(new TextBubble(
                        Guid.Parse(entry.Required("id")), false, entry.At("occurredAt") ?? at, data.Required("body"), data.Text("from") ?? data.Text("fromRaw"), null,
                        (int)data.Number("media"), "", null));
                    break;
                case "sms_requested":
                    texts.Add(new TextBubble(
                        Guid.Parse(data.Required("message")), true, at, data.Required("body"), data.Text("to"), data.Text("purpose"), 0,
                        LeadWords.TextState("requested"), at));
                    break;
                case var type when Guid.TryParse(data.Text("message"), out var message) && texts.FindIndex(text => text.Id == message) is >= 0 and var place:
                    texts[place] = State(type, data) is { } state ? texts[place] with { State = state, StateAt = at } : texts[place];
                    break;
                default:
                    break;
            }
        }

        return texts;
    }

    private static string? State(string type, JsonElement data) => type switch
    {
        "sms_calling" => "being handed to the provider",
        "sms_accepted" => data.Flag("recordedOnly") ? "only recorded for trying out; nothing was sent" : LeadWords.TextState("accepted"),
        "sms_sent" => LeadWords.TextState("sent"),
        "sms_delivered" => LeadWords.TextState("delivered"),
        "sms_failed" => $"did not arrive: {data.Text("error")}",
        "sms_attempt_failed" => $"one attempt failed ({data.Text("error")}); it is tried again",
        "sms_withheld" => $"held back: {string.Join("; ", data.Texts("codes").Select(DecisionWords.Code))}",
        "sms_outcome_unknown" => LeadWords.TextState("ambiguous"),
        "sms_unconfirmed" => LeadWords.TextState("unconfirmed"),
        _ => null,
    };
}
