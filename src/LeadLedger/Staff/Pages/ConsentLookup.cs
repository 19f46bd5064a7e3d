using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadLedger.Leads;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;
using NodaTime;
using NodaTime.Text;

namespace LeadLedger.Staff.Pages;

/// <summary>What one business knows of a number or mailbox.</summary>
/// <param name="Business">Its id.</param>
/// <param name="Kind">phone or email.</param>
/// <param name="Value">Comparison form.</param>
/// <param name="State">As the API shows a contact point.</param>
/// <param name="Leads">The leads that use it.</param>
/// <param name="History">Every event that gave, took or blocked the right to text it.</param>
public sealed record ConsentView(string Business, string Kind, string Value, JsonElement State, IReadOnlyList<Lead> Leads, IReadOnlyList<ConsentLine> History);

/// <summary>
/// SCR-12: whether a number or mailbox may be texted, why, and what can be done about it. Numbers are posted and the answer is the page itself:
/// a redirect would have to carry the number in its address.
/// </summary>
public static class ConsentLookup
{
    private const string Home = "/consent";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage(Home, PageAccess.Read, () => PageAnswer.Of<ConsentLookupPage>());
        routes.MapPost(Home, PageAccess.Read, LookAsync);
        routes.MapPost("/consent/suppress", PageAccess.Write, SuppressAsync);
        routes.MapPost("/consent/lift", PageAccess.Write, LiftAsync);
        routes.MapPost("/consent/record", PageAccess.Write, RecordAsync);
        routes.MapPost("/consent/phrase", PageAccess.Write, PhraseAsync);
        routes.MapPost("/consent/receipt", PageAccess.Write, ReceiptAsync);
    }

    private static async Task<IResult> LookAsync(HttpContext http, Slices slices, LeadCards cards, ConsentRecords records, LeadViews views)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return await ShowAsync(http, form["value"].ToString(), slices, cards, records, views);
    }

    private static async Task<IResult> SuppressAsync(
        HttpContext http, Slices slices, LeadCards cards, ConsentRecords records, LeadViews views, IClock clock)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (value, said) = (form["value"].ToString(), form["said"].ToString().Trim());
        var zone = PageContext.Of(http).ZoneOf(form["in"]);
        if (LocalDatePattern.Iso.Parse(form["on"].ToString()) is not { Success: true, Value: var on } || on > clock.GetCurrentInstant().InZone(zone).Date)
        {
            Notice.Say(http, "Give the day on which the person asked for it; it cannot be in the future. Nothing was changed.", refusal: true);
        }
        else if (said.Length == 0)
        {
            Notice.Say(http, "Write down how they said it: it is the evidence. Nothing was changed.", refusal: true);
        }
        else
        {
            var reason = $"{form["how"]} on {on.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture)}: {said}";
            Say(http, await slices.SendAsync(http, "PUT", "/api/contact-points/suppression", null,
                new JsonObject { ["value"] = value, ["reason"] = reason, ["business"] = form["in"].ToString() }),
                "Recorded. No more texts go there, from any line and for any purpose; texts that were about to leave are held back.");
        }

        return await ShowAsync(http, value, slices, cards, records, views);
    }

    private static async Task<IResult> LiftAsync(HttpContext http, Slices slices, LeadCards cards, ConsentRecords records, LeadViews views)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var value = form["value"].ToString();
        Say(http, await slices.SendAsync(http, "PUT", "/api/contact-points/suppression/lift", null, new JsonObject
        {
            ["value"] = value,
            ["confirmed"] = form["confirmed"] == "yes",
            ["note"] = form["note"].ToString(),
            ["business"] = form["in"].ToString(),
        }), "Lifted: texts are allowed again, as far as the other rules allow them.");
        return await ShowAsync(http, value, slices, cards, records, views);
    }

    private static async Task<IResult> RecordAsync(HttpContext http, Slices slices, LeadCards cards, ConsentRecords records, LeadViews views)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var value = form["value"].ToString();
        Say(http, await slices.SendAsync(http, "POST", "/api/leads/{id}/consents", form["lead"].ToString(), new JsonObject
        {
            ["value"] = value,
            ["purpose"] = form["purpose"].ToString(),
            ["state"] = form["state"].ToString(),
            ["evidence"] = form["evidence"].ToString(),
        }), "Recorded, with what you wrote as its evidence.");
        return await ShowAsync(http, value, slices, cards, records, views);
    }

    private static async Task<IResult> PhraseAsync(HttpContext http, Slices slices, LeadCards cards, ConsentRecords records, LeadViews views)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var optOut = form["optOut"] == "yes";
        Say(http, await slices.SendAsync(http, "PUT", "/api/leads/{id}/held-phrase", form["lead"].ToString(), new JsonObject { ["optOut"] = optOut }),
            optOut ? "Recorded as an opt-out: no more texts go there." : "Recorded as no opt-out: what was held is decided again by the usual rules.");
        return await ShowAsync(http, form["value"].ToString(), slices, cards, records, views);
    }

    private static async Task<IResult> ReceiptAsync(
        HttpContext http, Slices slices, LeadCards cards, ConsentRecords records, LeadViews views, IClock clock)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var found = await FindAsync(http, form["value"].ToString(), slices, cards, records);
        if (found.Views.FirstOrDefault(each => each.Business == form["in"].ToString()) is not { } view)
        {
            return Notice.Then(http, Home, "Nothing is recorded about that number or mailbox, so there is no receipt.", refusal: true);
        }

        foreach (var lead in view.Leads)
        {
            await views.RecordAsync(http, view.Business, lead.Id, "consent_receipt");
        }

        return form["format"] == "csv"
            ? Results.File(ConsentReceipt.Csv(view.History), "text/csv; charset=utf-8", "consent-history.csv")
            : Results.File(ConsentReceipt.Json(view.Business, view.Kind, view.Value, clock.GetCurrentInstant(), view.History), "application/json", "consent-history.json");
    }

    private static void Say(HttpContext http, Answer answer, string done) =>
        Notice.Say(http, answer.Succeeded ? done : answer.Why, refusal: !answer.Succeeded);

    private static async Task<IResult> ShowAsync(
        HttpContext http, string value, Slices slices, LeadCards cards, ConsentRecords records, LeadViews views)
    {
        var found = await FindAsync(http, value, slices, cards, records);
        if (found.Why is { } why && http.Features.Get<Notice>() is null)
        {
            Notice.Say(http, why, refusal: true);
        }

        foreach (var lead in found.Views.SelectMany(view => view.Leads))
        {
            await views.RecordAsync(http, lead.Business, lead.Id, "consent");
        }

        return PageAnswer.Of<ConsentLookupPage>(("Asked", value), ("Found", found.Views), ("IsReadable", found.Why is null));
    }

    private static async Task<(IReadOnlyList<ConsentView> Views, string? Why)> FindAsync(
        HttpContext http, string value, Slices slices, LeadCards cards, ConsentRecords records)
    {
        // The value leads to the leads that use it; the page itself shows an auditor nothing of it.
        PageSight.OpenWhole(http);
        var answer = await slices.GetAsync(http, "/api/contact-points", null, ("value", value.Trim()));
        if (!answer.Succeeded)
        {
            return ([], answer.Why);
        }

        var found = new List<ConsentView>();
        foreach (var state in answer.Body.Items())
        {
            var leads = await cards.OfAsync(http, state.Texts("leads").Select(id => Guid.Parse(id)));
            var (business, kind, contact) = (state.Required("business"), state.Required("kind"), state.Required("value"));
            found.Add(new ConsentView(
                business, kind, contact, state, [.. leads.Values.OrderByDescending(lead => lead.LastInquiryAt)],
                await records.OfAsync(http, business, kind, contact, leads.Keys)));
        }

        return (found, null);
    }
}
