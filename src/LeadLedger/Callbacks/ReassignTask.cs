using LeadLedger.Hosting;
using LeadLedger.Intake;
using LeadLedger.Leads;

namespace LeadLedger.Callbacks;

/// <summary>Gives an open task to another member of the staff: one owner at any time (TSK-04).</summary>
public sealed record ReassignTask(Guid Task, string Owner, string By, string? Reason)
{
    private const int LongestReason = 500;

    /// <summary>The body of the request.</summary>
    /// <param name="Owner">Staff id of the new owner.</param>
    /// <param name="Reason">Why, for the history.</param>
    public sealed record Body(string? Owner, string? Reason);

    public static CommandDecision Decide(Lead lead, ReassignTask command) => lead.Task switch
    {
        { ClosedAt: not null } => CommandDecision.Refuse(409, "task-closed", $"The task is closed ({lead.Task.Outcome}, by {lead.Task.ClosedBy})."),
        { Owner: { } owner } when owner == command.Owner => CommandDecision.Nothing,
        _ => CommandDecision.Of(new TaskReassigned(command.Task, command.Owner, command.By, command.Reason)),
    };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/tasks/{id}/assignment", HandleAsync).Requires(ApiAccess.Write).WithTags("Tasks")
            .WithSummary("Give a task to another member of the staff")
            .Parameter("id", "The task's id.").Accepts<Body>("application/json")
            .Produces<Lead>(200).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> HandleAsync(string id, HttpContext http, StaffCommands commands)
    {
        var (body, refusal) = await RequestJson.ReadAsync(http, ApiJson.Default.ReassignTaskBody);
        if (body is null)
        {
            return refusal!;
        }

        var caller = ApiScope.Of(http).Caller;
        var reason = body.Reason is null ? null : SafeText.Line(body.Reason, LongestReason);
        return await commands.OnTaskAsync(http, id, "reassign_task", (session, task) =>
            body.Owner is not null && session.Business.StaffOf(body.Owner) is { } owner
                ? Decide(session.Lead, new ReassignTask(task, owner.Id, caller.Name, reason))
                : CommandDecision.Wrong("owner", StaffCommands.NameStaff(session.Business)));
    }
}
