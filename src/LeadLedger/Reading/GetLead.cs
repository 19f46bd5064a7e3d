using LeadLedger.EventStore;
using LeadLedger.Hosting;
using LeadLedger.Leads;

namespace LeadLedger.Reading;

/// <summary>One lead, as it is or as it was.</summary>
public static class GetLead
{
    public static void MapGetLead(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/leads/{id}", HandleAsync).Requires(ApiAccess.Read).WithTags("Leads")
            .WithSummary("One lead, now or as of an instant")
            .WithDescription("The lead's view, and in 'fields' the eight names widget_id, source_url, name, phone, email, message, "
                + "sms_sent and consent_text. A lead that was merged answers 410 with the lead that stands for it.")
            .Parameter("id", "The lead's id.")
            .Query("asOf", "An instant: the lead as everything recorded by then made it.")
            .Produces<Lead>(200).ProducesProblem(400).ProducesProblem(404).ProducesProblem(410);

    private static async Task<IResult> HandleAsync(string id, HttpContext http, LeadFinder finder, Ledger ledger)
    {
        var query = new QueryFields(http.Request.Query);
        var asOf = http.Request.Query.Count == 0 ? null : query.Instant("asOf");
        if (query.Problem is { } problem)
        {
            return problem;
        }

        if (!Guid.TryParse(id, out var lead))
        {
            return NotAnId();
        }

        var scope = ApiScope.Of(http);
        if (await finder.DocumentAsync(scope, lead, http.RequestAborted) is not { } found)
        {
            return NotFound();
        }

        var shown = LeadJson.Of(found.Document);
        if (asOf is { } instant)
        {
            if (await ledger.AggregateAsync(LeadStreams.Lead, found.Key, asOf: instant, cancellation: http.RequestAborted) is not { } then)
            {
                return Problems.Of(404, "not-yet", "This lead did not exist at that instant.");
            }

            shown = LeadJson.Of(then);
        }

        return shown.MergedInto is { } into ? Gone(http, await finder.SurvivorAsync(scope, into, http.RequestAborted)) : shown;
    }

    public static IResult NotAnId() => RequestJson.Wrong("id", "Use the id as the API shows it, such as 01939f2c-5f6e-7c1b-9d55-0a2b3c4d5e6f.");

    public static IResult NotFound() => Problems.Of(404, "unknown-lead", "There is no such lead, or this key does not see it.");

    /// <summary>410 for a lead that went into another one, with the way there.</summary>
    public static IResult Gone(HttpContext http, Guid survivor)
    {
        var path = $"/api/leads/{survivor}";
        http.Response.Headers.Location = path;
        http.Response.Headers.Link = $"<{path}>; rel=\"canonical\"";
        var problem = Problems.Details(410, "merged", "This lead was merged into another one, which stands for it. Its history stays readable.");
        problem.Extensions["survivor"] = survivor;
        return Results.Problem(problem);
    }
}
