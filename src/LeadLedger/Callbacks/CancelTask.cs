using LeadLedger.Hosting;
using LeadLedger.Intake;
using LeadLedger.Leads;

namespace LeadLedger.Callbacks;

/// <summary>Nobody needs to call back: the task ends without an outcome, and automation for it stops (TSK-09).</summary>
public sealed record CancelTask(Guid Task, string Reason, string By)
{
    private const int LongestReason = 500;

    /// <summary>The body of the request.</summary>
    /// <param name="Reason">Why, for the history.</param>
    public sealed record Body(string? Reason);

    public static CommandDecision Decide(Lead lead, CancelTask command) => lead.Task switch
    {
        { ClosedAt: not null } => CommandDecision.Refuse(409, "task-closed", $"The task is closed already ({lead.Task.Outcome}, by {lead.Task.ClosedBy})."),
        _ => CommandDecision.Of(new TaskCancelled(command.Task, command.Reason, command.By)),
    };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/tasks/{id}/cancellation", HandleAsync).Requires(ApiAccess.Write).WithTags("Tasks")
            .WithSummary("Cancel a task, with the reason")
            .Parameter("id", "The task's id.").Accepts<Body>("application/json")
            .Produces<Lead>(200).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> HandleAsync(string id, HttpContext http, StaffCommands commands)
    {
        var (body, refusal) = await RequestJson.ReadAsync(http, ApiJson.Default.CancelTaskBody);
        if (body is null)
        {
            return refusal!;
        }

        if (string.IsNullOrWhiteSpace(body.Reason))
        {
            return RequestJson.Wrong("reason", "Say why the task is cancelled.");
        }

        var by = ApiScope.Of(http).Caller.Name;
        var reason = SafeText.Line(body.Reason, LongestReason);
        return await commands.OnTaskAsync(http, id, "cancel_task",
            (session, task) => Decide(session.Lead, new CancelTask(task, reason, by)));
    }
}
