using System.Text.Json;
using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Writing;
using LeadLedger.Hosting;
using LeadLedger.Intake;
using LeadLedger.Leads;
using LeadLedger.Sending;

namespace LeadLedger.DeadLetters;

/// <summary>
/// Stops one text that waits to go out by itself, or the decision that would bring it, before it is handed over. The lead's history says who and
/// why; its callback stays open, because only the text is not wanted.
/// </summary>
public static class CancelText
{
    private const int LongestReason = 300;

    /// <summary>The body of the request.</summary>
    /// <param name="Reason">Why it should not go out, for the history.</param>
    public sealed record Body(string? Reason);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/outbox/{id}/cancellation", HandleAsync).Requires(ApiAccess.Write).WithTags("Operations")
            .WithSummary("Cancel a text that waits to be sent, or to be decided again, with the reason")
            .WithDescription("Possible until it is handed to the provider. Reminders of a callback are not cancelled here: taking the callback ends them.")
            .Parameter("id", "The work item's id.").Accepts<Body>("application/json")
            .Produces(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> HandleAsync(string id, HttpContext http, DeadLetterWork work)
    {
        var (body, wrong) = await RequestJson.ReadAsync(http, ApiJson.Default.CancelTextBody);
        if (body is null)
        {
            return wrong!;
        }

        if (string.IsNullOrWhiteSpace(body.Reason) || body.Reason.Length > LongestReason)
        {
            return RequestJson.Wrong("reason", $"Say why it should not go out, in 1 to {LongestReason} characters.");
        }

        var scope = ApiScope.Of(http);
        var reason = SafeText.Line(body.Reason, LongestReason);
        var by = scope.Caller.Name;
        var place = await work.FindAsync(scope.Tenants, id, http.RequestAborted);
        var refusal = place is null
            ? DeadLetter.RefusalOf(null, DeadLetter.Cancel)
            : await work.DecideAsync(scope, place, DeadLetter.Cancel, [], (session, unit, row) => Apply(session!, unit, row, by, reason));
        return refusal is not null ? StaffCommands.Refused(refusal) : new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteString("id", place!.Id);
            json.WriteString("state", OutboxStates.Cancelled);
            json.WriteEndObject();
        });
    }

    // A worker that has claimed it finds it cancelled when it wants to mark it, and sends nothing.
    private static Refusal? Apply(LeadSession session, WriteUnit unit, OutboxItem row, string by, string reason)
    {
        session.Record(new WorkDiscarded(row.Id, row.Kind, row.State, by, reason));
        if (row.Kind == WorkKinds.SendSms)
        {
            var text = JsonSerializer.Deserialize(row.Body, LedgerJsonContext.Default.SendSms)!;
            session.About(text.Message).Record(new SmsWithheld(text.Message, text.To, [ReasonCodes.CancelledByStaff])
            {
                Counterfactual = "It would have gone out if nobody had cancelled it.",
            });
        }

        unit.Change(OutboxWork.To(row, OutboxStates.Cancelled));
        unit.Record(DeadLetterWork.LogLine(row, DeadLetter.Cancel, by, reason));
        return null;
    }
}
