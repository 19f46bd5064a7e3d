using System.Globalization;
using System.Text.Json;
using LeadLedger.Hosting;
using LeadLedger.Leads;

namespace LeadLedger.Reading;

/// <summary>Every decision about a lead with all its gates: why a text was or was not sent.</summary>
public static class GetDecisions
{
    public static void MapGetDecisions(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/leads/{id}/decisions", HandleAsync).Requires(ApiAccess.Read).WithTags("Leads")
            .WithSummary("Every decision about a lead, latest first, with all gates and what they saw")
            .Parameter("id", "The lead's id.")
            .Query("purpose", "acknowledgement, owner_alert or opt_out_confirmation.")
            .Query("limit", "1 to 200; 50 when left out.")
            .Query("cursor", "'next' of the page before.")
            .Produces(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(404);

    private static async Task<IResult> HandleAsync(string id, HttpContext http, LeadFinder finder, HistoryQuery history)
    {
        var query = new QueryFields(http.Request.Query);
        var limit = query.Limit();
        var purpose = query.OneOf("purpose", Purposes.Acknowledgement, Purposes.OwnerAlert, Purposes.OptOutConfirmation);
        var before = long.MaxValue;
        if (query.Cursor(1) is [var place] && !long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            query.Refuse("cursor", "Pass on the value of 'next' of the page before, unchanged.");
        }

        if (query.Problem is { } problem)
        {
            return problem;
        }

        if (!Guid.TryParse(id, out var lead))
        {
            return GetLead.NotAnId();
        }

        if (await finder.DocumentAsync(ApiScope.Of(http), lead, http.RequestAborted) is not { Key: var key })
        {
            return GetLead.NotFound();
        }

        var streams = await history.StreamsAsync(key, http.RequestAborted);
        var all = (await history.OfTypeAsync(key.Tenant, streams, "decision_made", http.RequestAborted))
            .Select(entry => (Entry: entry, Fact: JsonSerializer.Deserialize(entry.Data, LedgerJsonContext.Default.DecisionMade)!))
            .ToArray();
        var superseded = all.Where(item => item.Fact.Supersedes is not null)
            .GroupBy(item => item.Fact.Supersedes!.Value).ToDictionary(group => group.Key, group => group.First().Fact.Decision);
        var page = all.Where(item => item.Entry.Position < before && (purpose is null || item.Fact.Purpose == purpose)).Take(limit + 1).ToArray();
        var next = page.Length > limit ? PageCursor.Of(page[limit - 1].Entry.Position.ToString(CultureInfo.InvariantCulture)) : null;
        return JsonAnswer.Page(page.Take(limit).ToArray(), next, (json, item) =>
        {
            json.WriteStartObject();
            json.WriteString("streamId", item.Entry.Stream.Id);
            json.WriteNumber("seq", item.Entry.Version);
            json.WriteInstant("decidedAt", item.Entry.RecordedAt);
            json.WriteString("actor", item.Entry.Actor);
            foreach (var member in Members(item.Entry.Data))
            {
                json.WritePropertyName(member.Name);
                member.Value.WriteTo(json);
            }

            json.WriteBoolean("superseded", superseded.ContainsKey(item.Fact.Decision));
            json.WriteId("supersededBy", superseded.TryGetValue(item.Fact.Decision, out var by) ? by : null);
            json.WriteEndObject();
        });
    }

    private static IEnumerable<JsonProperty> Members(byte[] data)
    {
        using var document = JsonDocument.Parse(data);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            yield return member;
        }
    }
}
