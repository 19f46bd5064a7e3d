using LeadLedger.EventStore;
using LeadLedger.Hosting;
using LeadLedger.Intake;
using LeadLedger.Leads;
using LeadLedger.Reading;

namespace LeadLedger.Merging;

/// <summary>Two leads that look alike are two people: the suggestion goes, and the pair is not proposed again from either side.</summary>
/// <param name="Other">The lead that is somebody else.</param>
/// <param name="By">Who says so.</param>
/// <param name="Reason">Why.</param>
public sealed record RejectSuggestion(Guid Other, string By, string? Reason)
{
    private const int LongestReason = 500;

    /// <summary>The body of the request.</summary>
    /// <param name="Reason">Why they are two people, for the history.</param>
    public sealed record Body(string? Reason);

    /// <summary>What one of the two leads records; nothing when it says so already.</summary>
    public static CommandDecision Decide(Lead lead, RejectSuggestion command) =>
        lead.Id == command.Other
            ? CommandDecision.Refuse(409, "same-lead", "A lead cannot be somebody else than itself. Name the other lead.")
            : lead.NotSameAs?.Contains(command.Other) is true && lead.MergeSuggestions.All(suggestion => suggestion.Other != command.Other)
                ? CommandDecision.Nothing
                : CommandDecision.Of(new MergeSuggestionRejected(command.Other, command.By, command.Reason));

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/leads/{id}/suggestions/{other}/rejection", HandleAsync).Requires(ApiAccess.Write).WithTags("Leads")
            .WithSummary("Say that a suggested lead is somebody else, so that the pair is not suggested again")
            .Parameter("id", "One of the two leads.").Parameter("other", "The other one.").Accepts<Body>("application/json")
            .Produces<Lead>(200).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(410);

    private static async Task<IResult> HandleAsync(string id, string other, HttpContext http, StaffCommands commands, LeadFinder finder)
    {
        var (body, refusal) = await RequestJson.ReadAsync(http, ApiJson.Default.RejectSuggestionBody);
        if (body is null)
        {
            return refusal!;
        }

        if (!Guid.TryParse(other, out var otherId))
        {
            return RequestJson.Wrong("other", "Name the other lead by its id.");
        }

        var scope = ApiScope.Of(http);
        var found = await finder.DocumentAsync(scope, otherId, http.RequestAborted);
        var command = new RejectSuggestion(otherId, scope.Caller.Name, string.IsNullOrWhiteSpace(body.Reason) ? null : SafeText.Line(body.Reason, LongestReason));
        return await commands.OnLeadAsync(http, id, "reject_suggestion", session => found is { Key: var key } && key.Tenant == session.Business.Id
            ? Apply(session, key, command)
            : CommandDecision.Refuse(404, "unknown-lead", "The other lead does not exist in this business."));
    }

    // A lead that was merged meanwhile stands for nobody any more: only the one of the route needs to remember.
    private static CommandDecision Apply(LeadSession session, StreamKey otherKey, RejectSuggestion command)
    {
        session.Unit.Require([], [otherKey]);
        var other = new LeadSession(session.Unit, session.Business, otherKey.Id);
        var decision = Decide(session.Lead, command);
        if (decision.Refusal is null && other.Lead is { Exists: true, MergedInto: null })
        {
            other.RecordAll(Decide(other.Lead, command with { Other = session.Lead.Id }).Facts);
        }

        return decision;
    }
}
