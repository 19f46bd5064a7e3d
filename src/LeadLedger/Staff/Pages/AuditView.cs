using System.Globalization;
using System.Text.Json;
using LeadLedger.EventStore;
using LeadLedger.Hosting;
using LeadLedger.Reading;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;
using LeadLedger.Staff.Verification;
using NodaTime;
using NodaTime.Text;

namespace LeadLedger.Staff.Pages;

/// <summary>SCR-21: what happened, who brought it about, who looked, and whether the record can be trusted.</summary>
public static class AuditView
{
    private const int Views = 30;
    private const int Events = 30;
    private const int MostSampled = 50;
    private const int MostPages = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/audit", PageAccess.Read, PageAsync);
        routes.MapPost("/audit/export", PageAccess.Read, ExportAsync);
    }

    private static async Task<IResult> PageAsync(
        HttpContext http, EventSearch search, LeadViews views, SecurityLog security, LedgerCheck check, LedgerModel model,
        string? type, string? actor, string? lead, string? from, string? until, string? before, string? sample)
    {
        var page = PageContext.Of(http);
        var wrong = new List<string>();
        var query = new EventQuery(
            Chosen(type), Chosen(actor), LeadOf(lead, wrong), DayOf(from, page.Zone, 0, wrong), DayOf(until, page.Zone, 1, wrong),
            long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : null);
        var found = wrong.Count == 0 ? await search.FindAsync(http, query) : new FoundEvents([], null, null);
        var scope = ApiScope.Of(http);
        var hidden = new Dictionary<Guid, bool>();
        foreach (var item in found.Items.DistinctBy(item => item.Stream))
        {
            hidden[item.Stream] = await views.IsMaskedAsync(http, item.Business, item.Stream);
        }

        return PageAnswer.Of<AuditPage>(
            ("Found", found),
            ("Sentences", found.Items.Select(item => Masking.Sentence(model, item.Type, item.Data, hidden[item.Stream])).ToArray()),
            ("Types", model.Events.All.Select(each => each.Alias).Order(StringComparer.Ordinal).ToArray()),
            ("Wrong", wrong),
            ("IsFurtherBack", query.Before is not null),
            ("Asked", (IReadOnlyDictionary<string, string?>)new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["type"] = query.Type,
                ["actor"] = query.Actor,
                ["lead"] = Chosen(lead),
                ["from"] = Chosen(from),
                ["until"] = Chosen(until),
            }),
            ("Sample", int.TryParse(sample, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
                ? await search.SampleAsync(http, Math.Min(count, MostSampled)) : null),
            ("Views", await views.LatestAsync(scope.Tenants, query.Stream, Views, http.RequestAborted)),
            ("Security", await security.LatestAsync(page.User!.Business, Events, http.RequestAborted)),
            ("Policies", await search.PoliciesAsync(http)),
            ("Check", check.Latest(ServiceStatus.Verified(page))));
    }

    /// <summary>Everything of one lead with the hashes that prove it, to be kept and checked elsewhere.</summary>
    private static async Task<IResult> ExportAsync(HttpContext http, Slices slices, LeadCards cards, LeadViews views, SecurityLog log)
    {
        var page = PageContext.Of(http);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var reason = form["reason"].ToString().Trim();
        const string Back = "/audit";
        if (!Guid.TryParse(form["lead"].ToString(), out var id) || await cards.OneAsync(http, id) is not { } lead)
        {
            return Notice.Then(http, Back, "There is no such lead, or you do not see it. Use the id at the end of its page's address.", refusal: true);
        }

        if (reason.Length is 0 or > 300)
        {
            return Notice.Then(http, Back, "Say what the export is for, in 1 to 300 characters. It is recorded beside the lead.", refusal: true);
        }

        if (await views.IsMaskedAsync(http, lead.Business, id))
        {
            return Notice.Then(http, Back, "This lead is masked for you, and the pack holds everything unmasked. Unmask it on its page first, with the reason; then export it within half an hour.", refusal: true);
        }

        await views.OpenAsync(http, lead.Business, id, "exported");
        await log.WriteAsync(page.User!.Caller.Actor, lead.Business, "history_exported", $"{id}: {reason}", http.RequestAborted);
        using var pack = new MemoryStream();
        await WriteAsync(pack, http, slices, page, lead.Business, id, reason);
        return Results.File(pack.ToArray(), "application/json", $"lead-{id}.json");
    }

    private static async Task WriteAsync(Stream pack, HttpContext http, Slices slices, PageContext page, string business, Guid id, string reason)
    {
        await using var json = new Utf8JsonWriter(pack, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("lead", id);
        json.WriteString("business", business);
        json.WriteString("exportedAt", page.Now.ToString());
        json.WriteString("exportedBy", page.User!.Caller.Actor);
        json.WriteString("reason", reason);
        json.WriteString(
            "howToCheck",
            "Each event's leaf commits to its data and salt, its hash to the leaf, to everything beside it and to prevHash, the hash of the event before it in its stream. docs/events.md says how to compute them.");
        json.WriteStartArray("events");
        var (verified, whole, after) = (true, false, (string?)null);
        for (var round = 0; round < MostPages && !whole; round++)
        {
            var answer = await slices.GetAsync(http, "/api/leads/{id}/history", $"{id}", ("limit", "200"), ("after", after));
            foreach (var item in answer.Body.Items())
            {
                item.WriteTo(json);
            }

            verified &= answer.Succeeded && answer.Body.Flag("verified");
            after = answer.Body.Text("next");
            whole = after is null;
        }

        json.WriteEndArray();
        json.WriteBoolean("verified", verified);
        json.WriteBoolean("complete", whole);
        json.WriteEndObject();
    }

    private static string? Chosen(string? text) => string.IsNullOrWhiteSpace(text) || text.Length > 200 || text.Contains('\0', StringComparison.Ordinal) ? null : text.Trim();

    private static Guid? LeadOf(string? lead, List<string> wrong)
    {
        if (Chosen(lead) is not { } text)
        {
            return null;
        }

        if (Guid.TryParse(text, out var id))
        {
            return id;
        }

        wrong.Add("The lead is named by its id, as at the end of its page's address.");
        return null;
    }

    private static Instant? DayOf(string? day, DateTimeZone zone, int add, List<string> wrong)
    {
        if (Chosen(day) is not { } text)
        {
            return null;
        }

        if (LocalDatePattern.Iso.Parse(text) is { Success: true, Value: { Year: > 1900 and < 9000 } date })
        {
            return date.PlusDays(add).AtStartOfDayInZone(zone).ToInstant();
        }

        wrong.Add("Write a day as 2026-11-20.");
        return null;
    }
}
