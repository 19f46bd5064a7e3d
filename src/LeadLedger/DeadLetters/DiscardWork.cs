using LeadLedger.EventStore.Outbox;
using LeadLedger.Hosting;
using LeadLedger.Intake;
using LeadLedger.Sending;

namespace LeadLedger.DeadLetters;

/// <summary>Closes given-up work that nobody needs any more, with the reason.</summary>
public static class DiscardWork
{
    private const int LongestReason = 300;

    /// <summary>The body of the request.</summary>
    /// <param name="Reason">Why it is not needed, for the history.</param>
    public sealed record Body(string? Reason);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/dead-letters/{id}/discard", HandleAsync).Requires(ApiAccess.Write).WithTags("Operations")
            .WithSummary("Give up work for good, with the reason")
            .Parameter("id", "The work item's id.").Accepts<Body>("application/json")
            .Produces(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> HandleAsync(string id, HttpContext http, DeadLetterWork work)
    {
        var (body, wrong) = await RequestJson.ReadAsync(http, ApiJson.Default.DiscardWorkBody);
        if (body is null)
        {
            return wrong!;
        }

        if (string.IsNullOrWhiteSpace(body.Reason) || body.Reason.Length > LongestReason)
        {
            return RequestJson.Wrong("reason", $"Say why it is not needed any more, in 1 to {LongestReason} characters.");
        }

        var scope = ApiScope.Of(http);
        var reason = SafeText.Line(body.Reason, LongestReason);
        var by = scope.Caller.Name;
        var place = await work.FindAsync(scope.Tenants, id, http.RequestAborted);
        var refusal = place is null
            ? DeadLetter.RefusalOf(null, DeadLetter.Discard)
            : await work.DecideAsync(scope, place, DeadLetter.Discard, [], (session, unit, row) =>
            {
                session?.Record(new WorkDiscarded(row.Id, row.Kind, row.State, by, reason));
                unit.Change(OutboxWork.To(row, OutboxStates.Cancelled));
                unit.Record(DeadLetterWork.LogLine(row, DeadLetter.Discard, by, reason));
                return null;
            });
        return refusal is not null ? StaffCommands.Refused(refusal) : new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteString("id", place!.Id);
            json.WriteString("state", OutboxStates.Cancelled);
            json.WriteEndObject();
        });
    }
}
