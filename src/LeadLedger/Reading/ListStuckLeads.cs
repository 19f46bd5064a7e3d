using System.Globalization;
using System.Text.Json;
using LeadLedger.Hosting;
using NodaTime;

namespace LeadLedger.Reading;

/// <summary>The leads that would slip if nobody looked, oldest first.</summary>
public static class ListStuckLeads
{
    private const int LongestMinutes = 60 * 24 * 365;

    public static void MapListStuckLeads(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/leads/stuck", HandleAsync).Requires(ApiAccess.Read).WithTags("Leads")
            .WithSummary("Leads whose latest inquiry has no task and nothing scheduled, oldest first")
            .Query("business", "Only this business; for keys that see several.")
            .Query("olderThanMinutes", "Only leads whose latest inquiry is older than this; 15 when left out.")
            .Query("limit", "1 to 200; 50 when left out.").Query("cursor", "'next' of the page before.")
            .Produces(200, contentType: "application/json").ProducesProblem(400);

    private static async Task<IResult> HandleAsync(HttpContext http, StuckLeads stuck, IClock clock)
    {
        var query = new QueryFields(http.Request.Query);
        var limit = query.Limit();
        var bound = StuckLeads.Bound;
        if (query.Text("olderThanMinutes") is { } text)
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes <= LongestMinutes)
            {
                bound = Duration.FromMinutes(minutes);
            }
            else
            {
                query.Refuse("olderThanMinutes", "Use a whole number of minutes, such as 15.");
            }
        }

        (string, Guid)? after = null;
        if (query.Cursor(2) is [var at, var last])
        {
            if (Guid.TryParse(last, out var id))
            {
                after = (at, id);
            }
            else
            {
                query.Refuse("cursor", "Pass on the value of 'next' of the page before, unchanged.");
            }
        }

        if (query.Problem is { } problem)
        {
            return problem;
        }

        var now = clock.GetCurrentInstant();
        var leads = await stuck.ReadAsync(ApiScope.Of(http).Tenants, now - bound, limit + 1, after, http.RequestAborted);
        var page = leads.Take(limit).ToArray();
        return JsonAnswer.Page(page, leads.Count > limit ? PageCursor.Of(page[^1].StoredAt, page[^1].Id.ToString()) : null, (json, lead) => Write(json, lead, now));
    }

    private static void Write(Utf8JsonWriter json, StuckLead lead, Instant now)
    {
        json.WriteStartObject();
        json.WriteString("id", lead.Id);
        json.WriteString("business", lead.Business);
        json.WriteString("name", lead.Name);
        json.WriteString("phone", lead.Phone);
        json.WriteString("status", lead.Status);
        json.WriteString("source", lead.Source);
        json.WriteInstant("lastInquiryAt", lead.LastInquiryAt);
        json.WriteNumber("ageSeconds", (long)(now - lead.LastInquiryAt).TotalSeconds);
        json.WriteEndObject();
    }
}
