using LeadLedger.Businesses;
using LeadLedger.Hosting;
using LeadLedger.Intake;

namespace LeadLedger.Pausing;

/// <summary>Staff stop automatic texts or CRM updates, for as long as they want; alerts and tasks go on.</summary>
public static class PauseSending
{
    private const int LongestReason = 300;

    /// <summary>The body of the request.</summary>
    /// <param name="Scope">What is to wait, such as <c>text</c>.</param>
    /// <param name="Reason">Why; it is shown to everybody who sees the pause.</param>
    /// <param name="Business">The business; needed where the key sees several.</param>
    public sealed record Body(string? Scope, string? Reason, string? Business);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sending/pause", HandleAsync).Requires(ApiAccess.Write).WithTags("Sending")
            .WithSummary("Pause automatic texts to customers or CRM updates; alerts and tasks go on")
            .Accepts<Body>("application/json")
            .Produces(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(404);

    /// <summary>Reads which scope of which business is meant, and why; or says what is wrong.</summary>
    internal static async Task<((Business Business, string Scope, string Reason)? Meant, IResult? Refusal)> ReadAsync(HttpContext http)
    {
        var (body, refusal) = await RequestJson.ReadAsync(http, ApiJson.Default.PauseSendingBody);
        if (body is null)
        {
            return (null, refusal);
        }

        if (TargetBusiness.Of(http, body.Business, out var problem) is not { } business)
        {
            return (null, problem);
        }

        if (body.Scope is null || !PauseScopes.Of(business).Contains(body.Scope))
        {
            return (null, RequestJson.Wrong("scope", $"Name one of: {string.Join(", ", PauseScopes.Of(business))}."));
        }

        return string.IsNullOrWhiteSpace(body.Reason) || body.Reason.Length > LongestReason
            ? (null, RequestJson.Wrong("reason", $"Say why, in 1 to {LongestReason} characters."))
            : ((business, body.Scope, SafeText.Line(body.Reason, LongestReason)), null);
    }

    private static async Task<IResult> HandleAsync(HttpContext http, StaffCommands commands, PauseList list)
    {
        var (meant, refusal) = await ReadAsync(http);
        if (meant is not var (business, scope, reason))
        {
            return refusal!;
        }

        var by = ApiScope.Of(http).Caller.Actor;
        await commands.WriteAsync(http, "pause_sending", [], [OperationsStream.Of(business.Id)], unit =>
        {
            var session = new OperationsSession(unit, business);
            session.RecordAll(PauseDecisions.Pause(session.State, scope, reason, by, unit.Now));
            return true;
        });
        return await list.AnswerAsync([business], http.RequestAborted);
    }
}
