using LeadLedger.Hosting;

namespace LeadLedger.Pausing;

/// <summary>Staff end every pause of one scope, also one that automation set itself. What waited is decided again, one after another.</summary>
public static class ResumeSending
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sending/resume", HandleAsync).Requires(ApiAccess.Write).WithTags("Sending")
            .WithSummary("End a pause; what waited is decided again, and what is too late is not sent")
            .Accepts<PauseSending.Body>("application/json")
            .Produces(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> HandleAsync(HttpContext http, StaffCommands commands, PauseList list)
    {
        var (meant, refusal) = await PauseSending.ReadAsync(http);
        if (meant is not var (business, scope, reason))
        {
            return refusal!;
        }

        var by = ApiScope.Of(http).Caller.Actor;
        var ended = await commands.WriteAsync(http, "resume_sending", [], [OperationsStream.Of(business.Id)], unit =>
        {
            var session = new OperationsSession(unit, business);
            var facts = PauseDecisions.Resume(session.State, scope, reason, by);
            session.RecordAll(facts);
            return facts.Count;
        });
        return ended > 0
            ? await list.AnswerAsync([business], http.RequestAborted)
            : Problems.Of(404, "not-paused", $"Nothing pauses '{scope}'. GET /api/sending lists what is paused; a wider pause is resumed under its own name.");
    }
}
