using LeadLedger.Businesses;
using LeadLedger.Contacting;
using LeadLedger.EventStore;
using LeadLedger.Hosting;
using LeadLedger.Intake;
using LeadLedger.Leads;
using LeadLedger.Reading;

namespace LeadLedger.Merging;

/// <summary>
/// One person had two leads. The survivor stands for the other from now on: a pair of pointer facts, no stream is rewritten (MRG-06). Both are
/// decided with every contact point of both locked, so no text or inquiry slips in between.
/// </summary>
/// <param name="By">Who merges.</param>
/// <param name="Reason">Why.</param>
public sealed record MergeLeads(string By, string? Reason)
{
    private const int LongestReason = 500;

    /// <summary>The body of the request.</summary>
    /// <param name="Other">The lead that goes into the one of the route.</param>
    /// <param name="Reason">Why they are one person.</param>
    public sealed record Body(string? Other, string? Reason);

    /// <summary>What both streams record.</summary>
    /// <param name="survivor">The lead that stays.</param>
    /// <param name="other">The lead that goes into it.</param>
    /// <param name="command">Who and why.</param>
    /// <param name="suppressed">Contact points of the other that are suppressed: the survivor takes the stricter state over.</param>
    /// <param name="newTask">Id for a task that moves over.</param>
    public static (CommandDecision Survivor, IReadOnlyList<ILeadEvent> Other) Decide(
        Lead survivor, Lead other, MergeLeads command, IReadOnlyList<ContactRef> suppressed, Guid newTask)
    {
        if (survivor.Id == other.Id)
        {
            return (CommandDecision.Refuse(409, "same-lead", "A lead cannot be merged into itself. Name the other lead."), []);
        }

        if (other.MergedInto is { } already)
        {
            return (CommandDecision.Refuse(409, "already-merged", $"That lead was merged into {already} already."), []);
        }

        var survives = new List<ILeadEvent>
        {
            new LeadAbsorbed
            {
                Other = other.Id,
                ContactPoints = other.ContactPoints,
                Name = other.Name,
                OtherOpenedAt = other.OpenedAt,
                OtherInquiries = other.InquiryCount,
                OtherFirstTouch = other.FirstTouch,
                OtherSource = other.Source,
                By = command.By,
                Reason = command.Reason,
            },
        };
        var goes = new List<ILeadEvent>();
        if (survivor is { Owner: null, Queue: null } && (other.Owner ?? other.Queue) is not null)
        {
            survives.Add(new LeadRouted { Owner = other.Owner, Queue = other.Queue, Rule = "merge", RoutingReason = $"as the merged lead {other.Id}" });
        }

        if (!survivor.OptedOut)
        {
            survives.AddRange(suppressed.Select(point => new OptedOut { Kind = point.Kind, Value = point.Value, Word = "merge", Via = "merge" }));
        }

        if (other is { HasOpenTask: true, Task: { } task })
        {
            goes.Add(new TaskCancelled(task.Id, $"merged into {survivor.Id}", command.By));
            survives.Add(Moved(survivor, other, task, newTask));
        }

        goes.Add(new LeadMergedInto(survivor.Id, other.ContactPoints, command.By, command.Reason));
        return (CommandDecision.Of(survives), goes);
    }

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/leads/{id}/mergers", HandleAsync).Requires(ApiAccess.Write).WithTags("Leads")
            .WithSummary("Merge another lead into this one")
            .Parameter("id", "The lead that stays.").Accepts<Body>("application/json")
            .Produces<Lead>(200).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(410);

    private static async Task<IResult> HandleAsync(string id, HttpContext http, StaffCommands commands, LeadFinder finder)
    {
        var (body, refusal) = await RequestJson.ReadAsync(http, ApiJson.Default.MergeLeadsBody);
        if (body is null)
        {
            return refusal!;
        }

        if (!Guid.TryParse(body.Other, out var other))
        {
            return RequestJson.Wrong("other", "Name the lead that goes into this one, by its id.");
        }

        var scope = ApiScope.Of(http);
        var found = await finder.DocumentAsync(scope, other, http.RequestAborted);
        var caller = scope.Caller;
        var command = new MergeLeads(caller.Name, string.IsNullOrWhiteSpace(body.Reason) ? null : SafeText.Line(body.Reason, LongestReason));
        return await commands.OnLeadAsync(http, id, "merge_leads", session => found is { Key: var key } && key.Tenant == session.Business.Id
            ? Apply(session, key, command)
            : CommandDecision.Refuse(404, "unknown-lead", "The other lead does not exist in this business."));
    }

    private static CommandDecision Apply(LeadSession session, StreamKey otherKey, MergeLeads command)
    {
        var unit = session.Unit;
        unit.Require([], [otherKey]);
        var other = new LeadSession(unit, session.Business, otherKey.Id);
        var points = session.Lead.ContactPoints.Union(other.Lead.ContactPoints).ToArray();
        unit.Require(points.Select(point => KeyOf(session.Business, point)), []);
        var suppressed = other.Lead.ContactPoints
            .Where(point => (ContactPoint)unit.Gate(KeyOf(session.Business, point)).State is { SuppressedSince: not null, Held: false }).ToArray();
        var (decision, goes) = Decide(session.Lead, other.Lead, command, suppressed, session.Now.NewId());
        other.RecordAll(goes);
        return decision;
    }

    private static GateKey KeyOf(Business business, ContactRef point) => new(business.Id, point.Kind, point.Value);

    // The survivor keeps one open task: its own, which then stands for both, or else the other's as it was.
    private static ILeadEvent Moved(Lead survivor, Lead other, CallbackTask task, Guid newTask)
    {
        var inquiry = other.Inquiries.Length > 0 ? other.Inquiries[0].Id : survivor.Inquiries.Length > 0 ? survivor.Inquiries[0].Id : Guid.Empty;
        if (survivor is { HasOpenTask: true, Task: { } own })
        {
            return new TaskRefreshed
            {
                Task = own.Id,
                Inquiry = inquiry,
                Count = own.InquiryCount + task.InquiryCount,
                Priority = own.Priority == "high" || task.Priority == "high" ? "high" : "normal",
                Note = own.Note ?? task.Note,
            };
        }

        var owner = survivor.Owner ?? (survivor.Queue is null ? other.Owner : null);
        return new TaskOpened
        {
            Task = newTask,
            TaskKind = task.Kind == "pick" ? "callback" : task.Kind,
            Inquiry = inquiry,
            Owner = owner,
            Queue = owner is null ? survivor.Queue ?? other.Queue ?? Routing.RouteLead.Triage : null,
            DueAt = task.DueAt,
            Number = task.Number,
            CalledAt = task.CalledAt,
            Priority = task.Priority,
            Note = task.Note,
        };
    }
}
