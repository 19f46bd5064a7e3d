using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Writing;
using LeadLedger.Hosting;
using LeadLedger.Leads;
using LeadLedger.Sending;

namespace LeadLedger.DeadLetters;

/// <summary>Puts given-up work back in the queue, one item or all of a kind. Its attempts start counting anew.</summary>
public static class RetryWork
{
    private const int MostAtOnce = 500;

    /// <summary>The body of the request for all of a kind.</summary>
    /// <param name="Kind">Such as mirror_lead.</param>
    /// <param name="Business">Only this business; left out, all that the key sees.</param>
    public sealed record Body(string? Kind, string? Business);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/api/dead-letters/{id}/retry", OneAsync).Requires(ApiAccess.Write).WithTags("Operations")
            .WithSummary("Have given-up work tried again; not for texts")
            .Parameter("id", "The work item's id.")
            .Produces(200, contentType: "application/json").ProducesProblem(404).ProducesProblem(409);
        routes.MapPost("/api/dead-letters/retry", AllAsync).Requires(ApiAccess.Write).WithTags("Operations")
            .WithSummary($"Have all given-up work of one kind tried again, up to {MostAtOnce} items at once")
            .Accepts<Body>("application/json")
            .Produces(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> OneAsync(string id, HttpContext http, DeadLetterWork work)
    {
        var scope = ApiScope.Of(http);
        var place = await work.FindAsync(scope.Tenants, id, http.RequestAborted);
        var refusal = place is null ? DeadLetter.RefusalOf(null, DeadLetter.Retry) : await RetryAsync(work, scope, place);
        return refusal is null ? Answer(place!.Id) : StaffCommands.Refused(refusal);
    }

    private static async Task<IResult> AllAsync(HttpContext http, DeadLetterWork work)
    {
        var (body, refusal) = await RequestJson.ReadAsync(http, ApiJson.Default.RetryWorkBody);
        if (body is null)
        {
            return refusal!;
        }

        var scope = ApiScope.Of(http);
        if (string.IsNullOrWhiteSpace(body.Kind))
        {
            return RequestJson.Wrong("kind", "Name the kind as GET /api/dead-letters shows it, such as mirror_lead.");
        }

        if (body.Kind == WorkKinds.SendSms)
        {
            return Problems.Of(409, "send-again-instead",
                "Texts are not tried again in bulk: each may have arrived, or is no longer true. Have them decided one by one with PUT /api/dead-letters/{id}/send-again.");
        }

        if (body.Business is { } named && scope.Find(named) is null)
        {
            return Problems.Of(404, "unknown-business", "There is no such business, or this key does not see it.");
        }

        string[] tenants = body.Business is null ? scope.Tenants : [body.Business];
        var ids = await work.WaitingAsync(tenants, body.Kind, MostAtOnce + 1, http.RequestAborted);
        var refusals = await Task.WhenAll(ids.Take(MostAtOnce).Select(async id =>
            await work.FindAsync(tenants, id.ToString(), http.RequestAborted) is { } place ? await RetryAsync(work, scope, place) : null));
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("retried", refusals.Count(each => each is null));
            json.WriteNumber("changedMeanwhile", refusals.Count(each => each is not null));
            json.WriteBoolean("more", ids.Count > MostAtOnce);
            json.WriteEndObject();
        });
    }

    private static Task<Refusal?> RetryAsync(DeadLetterWork work, ApiScope scope, WorkPlace place) =>
        work.DecideAsync(scope, place, DeadLetter.Retry, [], (session, unit, row) => Apply(session, unit, row, scope.Caller.Name));

    private static Refusal? Apply(LeadSession? session, WriteUnit unit, OutboxItem row, string by)
    {
        session?.Record(new WorkRetried(row.Id, row.Kind, row.State, by));
        unit.Change(OutboxWork.To(row, OutboxStates.Pending, unit.Now) with { Recount = true });
        unit.Record(DeadLetterWork.LogLine(row, DeadLetter.Retry, by));
        return null;
    }

    private static JsonAnswer Answer(Guid id) => new(json =>
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("state", OutboxStates.Pending);
        json.WriteEndObject();
    });
}
