using LeadLedger.Hosting;
using LeadLedger.Leads;

namespace LeadLedger.Callbacks;

/// <summary>A member of the staff takes a task. The first one has it; a second one is told who (TSK-11).</summary>
/// <param name="Task">The task.</param>
/// <param name="By">Staff id.</param>
public sealed record ClaimTask(Guid Task, string By)
{
    /// <summary>The body of the request.</summary>
    /// <param name="By">Staff id; may be left out when the key is named after a member of the staff.</param>
    public sealed record Body(string? By);

    public static CommandDecision Decide(Lead lead, ClaimTask command) => lead.Task switch
    {
        { ClosedAt: not null } => CommandDecision.Refuse(409, "task-closed", $"The task is closed ({lead.Task.Outcome}, by {lead.Task.ClosedBy})."),
        { ClaimedBy: { } winner } when winner == command.By => CommandDecision.Nothing,
        { ClaimedBy: { } winner } => CommandDecision.Refuse(409, "already-claimed", $"{winner} has this task. Reassign it if that should change."),
        _ => CommandDecision.Of(new TaskClaimed(command.Task, command.By)),
    };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/tasks/{id}/claim", HandleAsync).Requires(ApiAccess.Write).WithTags("Tasks")
            .WithSummary("Take a task: 409 names the one who has it already")
            .Parameter("id", "The task's id.").Accepts<Body>(true, "application/json")
            .Produces<Lead>(200).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> HandleAsync(string id, HttpContext http, StaffCommands commands)
    {
        Body? body = null;
        if (http.Request.ContentLength is not (null or 0))
        {
            (body, var refusal) = await RequestJson.ReadAsync(http, ApiJson.Default.ClaimTaskBody);
            if (refusal is not null)
            {
                return refusal;
            }
        }

        var caller = ApiScope.Of(http).Caller;
        return await commands.OnTaskAsync(http, id, "claim_task", (session, task) =>
            StaffCommands.MemberOf(session.Business, caller, body?.By) is { } member
                ? Decide(session.Lead, new ClaimTask(task, member.Id))
                : CommandDecision.Wrong("by", StaffCommands.NameStaff(session.Business)));
    }
}
