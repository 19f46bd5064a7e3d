using System.Globalization;
using System.Text;
using LeadLedger.Businesses;
using LeadLedger.Leads;
using LeadLedger.Staff.Frame;

namespace LeadLedger.Staff.Pages;

/// <summary>A list that is kept ready.</summary>
/// <param name="Id">As the address has it.</param>
/// <param name="Label">On its tab.</param>
/// <param name="Route">The API's list.</param>
/// <param name="Filter">The API's own filter, name and value; null for none.</param>
/// <param name="Empty">Why it is fine that nothing is here.</param>
public sealed record LeadList(string Id, string Label, string Route, (string Name, string? Value) Filter, string Empty)
{
    private const string All = "/api/leads";

    public static IReadOnlyList<LeadList> Each { get; } =
    [
        new("all", "All", All, ("status", null), "No lead yet. The first missed call, form or text appears here by itself."),
        new("callback", "Needs callback", All, ("status", "needs_callback"), "Nobody waits for a call."),
        new("hangup", "Suspected hang-ups", All, ("suspectedHangup", "true"), "Nobody hung up at once. Such callers are not texted; they would be listed here to be checked."),
        new("unidentified", "Unidentified callers", All, ("kind", "unidentified"), "Nobody called with a withheld number."),
        new("opted-out", "Opted out", All, ("optedOut", "true"), "Nobody asked for no more texts."),
        new("stuck", "Stuck", "/api/leads/stuck", ("limit", null), "Every open inquiry has a task or something scheduled. A lead without a next step for 15 minutes appears here."),
        new("duplicates", "Duplicates suspected", All, ("duplicates", "true"), "No two leads look like the same person."),
        new("test", "Test", All, ("test", "true"), "Nothing was sent in test mode."),
    ];

    public static LeadList? Find(string? id) => id is null ? Each[0] : Each.FirstOrDefault(list => list.Id == id);
}

/// <summary>SCR-03: every lead, by lists that are kept ready and by search. What is searched for never stands in an address.</summary>
public static class LeadLists
{
    private const int Rows = 50;
    private const int ExportRows = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/leads", PageAccess.Read, PageAsync);
        routes.MapPage("/leads/export", PageAccess.Read, ExportAsync);
        routes.MapPost("/leads/search", PageAccess.Read, SearchAsync);
    }

    private static async Task<IResult> PageAsync(HttpContext http, Slices slices, LeadCards cards, string? view, string? after)
    {
        if (LeadList.Find(view) is not { } list)
        {
            return PageAnswer.Message(404, "There is no such list of leads.", "Choose one of the lists on the page of all leads.");
        }

        var answer = await slices.GetAsync(http, list.Route, null, list.Filter, ("limit", $"{Rows}"), ("cursor", after));
        if (!answer.Succeeded)
        {
            return Notice.Then(http, "/leads", answer.Why, refusal: true);
        }

        return PageAnswer.Of<LeadsPage>(
            ("List", list), ("Leads", await CardsAsync(http, cards, answer)), ("Next", answer.Body.Text("next")), ("After", after));
    }

    private static async Task<IResult> SearchAsync(HttpContext http, Slices slices, LeadCards cards)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var text = form["q"].ToString().Trim();
        var answer = await slices.GetAsync(http, "/api/leads", null, ("q", text), ("limit", $"{Rows}"));
        if (text.Length == 0 || !answer.Succeeded)
        {
            Notice.Say(http, text.Length == 0 ? "Write a part of a number, a name or an address." : answer.Why, refusal: true);
            return PageAnswer.Of<LeadsPage>(("List", LeadList.Each[0]), ("Searched", text), ("Leads", Array.Empty<Lead>()), ("Failed", true));
        }

        var found = await CardsAsync(http, cards, answer);
        return PageAnswer.Of<LeadsPage>(
            ("List", LeadList.Each[0]), ("Searched", text), ("Leads", found), ("More", answer.Body.Text("next") is not null));
    }

    private static async Task<IResult> ExportAsync(HttpContext http, Slices slices, LeadCards cards, SecurityLog log, string? view)
    {
        if (LeadList.Find(view) is not { } list)
        {
            return PageAnswer.Message(404, "There is no such list of leads.", "Choose one of the lists on the page of all leads.");
        }

        var page = PageContext.Of(http);
        var user = page.User!;
        await log.WriteAsync(user.Caller.Actor, user.Business, "exported", $"the list {list.Id} as CSV{(page.IsAuditor ? ", masked" : "")}", http.RequestAborted);
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"leads-{list.Id}.csv\"";
        return Results.Stream(
            async stream =>
            {
                // With a byte order mark spreadsheets read it as UTF-8.
                await using var writer = new StreamWriter(stream, new UTF8Encoding(true), leaveOpen: true) { NewLine = "\r\n" };
                await writer.WriteLineAsync(LeadCsv.Header);
                string? after = null;
                do
                {
                    var answer = await slices.GetAsync(
                        http, list.Route, null, list.Filter, ("limit", ExportRows.ToString(CultureInfo.InvariantCulture)), ("cursor", after));
                    foreach (var lead in await CardsAsync(http, cards, answer))
                    {
                        await writer.WriteLineAsync(LeadCsv.Row(lead, page.Business(lead.Business), page.IsAuditor));
                    }

                    await writer.FlushAsync(http.RequestAborted);
                    after = answer.Body.Text("next");
                }
                while (after is not null);
            },
            "text/csv; charset=utf-8");
    }

    private static async Task<IReadOnlyList<Lead>> CardsAsync(HttpContext http, LeadCards cards, Answer answer)
    {
        var ids = answer.Body.Items().Select(item => Guid.Parse(item.Required("id"))).ToArray();
        var leads = await cards.OfAsync(http, ids);
        return [.. ids.Select(id => leads.GetValueOrDefault(id)).OfType<Lead>()];
    }
}

/// <summary>A list of leads as comma-separated values that no spreadsheet takes for formulas.</summary>
public static class LeadCsv
{
    public const string Header = "id,business,name,phone,email,kind,status,source,owner,queue,opened,last inquiry,inquiries,opted out,test";

    public static string Row(Lead lead, Business? business, bool masked) => string.Join(',', new[]
    {
        lead.Id.ToString(), lead.Business,
        masked ? Shown.MaskedName(lead.Name) : lead.Name,
        lead.Phone is not { } phone ? "" : masked ? Shown.MaskedPhone(phone) : phone,
        masked ? Shown.MaskedText(lead.Email) : lead.Email,
        LeadWords.Kind(lead.Kind), Shown.Words(lead.Status), lead.Source, business?.StaffOf(lead.Owner)?.Name ?? lead.Owner, lead.Queue,
        Reading.StoredText.Of(lead.OpenedAt), Reading.StoredText.Of(lead.LastInquiryAt),
        lead.InquiryCount.ToString(CultureInfo.InvariantCulture), lead.OptedOut ? "yes" : "no", lead.TestMode ? "yes" : "no",
    }.Select(CsvField.Of));
}
