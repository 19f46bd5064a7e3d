using LeadLedger.Hosting;
using LeadLedger.Intake;
using LeadLedger.Leads;

namespace LeadLedger.Callbacks;

/// <summary>A person dealt with the task; how it ended is required and sets the lead's status once (TSK-10).</summary>
public sealed record CompleteTask(Guid Task, string Outcome, string? Note, string By)
{
    private const int LongestNote = 4000;

    /// <summary>The body of the request.</summary>
    /// <param name="Outcome">spoke, voicemail, wrong_number, estimate_scheduled or no_interest.</param>
    /// <param name="Note">What was said.</param>
    public sealed record Body(string? Outcome, string? Note);

    public static CommandDecision Decide(Lead lead, CompleteTask command) => lead.Task switch
    {
        { ClosedAt: not null } => CommandDecision.Refuse(409, "task-closed", $"The task is closed already ({lead.Task.Outcome}, by {lead.Task.ClosedBy})."),
        _ => CommandDecision.Of(new TaskCompleted(command.Task, command.Outcome, command.Note, command.By)),
    };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/tasks/{id}/completion", HandleAsync).Requires(ApiAccess.Write).WithTags("Tasks")
            .WithSummary("Complete a task with its outcome")
            .Parameter("id", "The task's id.").Accepts<Body>("application/json")
            .Produces<Lead>(200).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> HandleAsync(string id, HttpContext http, StaffCommands commands)
    {
        var (body, refusal) = await RequestJson.ReadAsync(http, ApiJson.Default.CompleteTaskBody);
        if (body is null)
        {
            return refusal!;
        }

        if (body.Outcome is not { } outcome || !TaskOutcomes.All.Contains(outcome))
        {
            return RequestJson.Wrong("outcome", $"Say how it ended: {string.Join(", ", TaskOutcomes.All)}.");
        }

        var by = ApiScope.Of(http).Caller.Name;
        var note = string.IsNullOrWhiteSpace(body.Note) ? null : SafeText.Cut(SafeText.Clean(body.Note), LongestNote);
        return await commands.OnTaskAsync(http, id, "complete_task",
            (session, task) => Decide(session.Lead, new CompleteTask(task, outcome, note, by)));
    }
}
