using System.Text.Json;
using System.Text.Json.Nodes;
using LeadLedger.Hosting;
using LeadLedger.Intake.Webhooks;
using LeadLedger.Staff.Frame;

namespace LeadLedger.Staff.Pages;

/// <summary>SCR-15: where inquiries come from, whether each source still speaks, and what of it could not be read.</summary>
public static class SourceList
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/sources", PageAccess.Read, PageAsync);
        routes.MapPost("/sources/replay", PageAccess.Write, ReplayAsync);
    }

    private static async Task<IResult> PageAsync(HttpContext http, Slices slices, SourceFigures figures, SignatureFailures failures, ServiceAddress address, string? after)
    {
        var businesses = await slices.GetAsync(http, "/api/business");
        var quarantine = await slices.GetAsync(http, "/api/quarantine", null, ("limit", "30"), ("cursor", after));
        var reconciliation = await slices.GetAsync(http, "/api/reconciliation", null, ("limit", "20"));
        var intake = await slices.GetAsync(http, "/api/intake");
        return PageAnswer.Of<SourcesPage>(
            ("PublicBase", address.PublicBase),
            ("Businesses", businesses.Body.Items()),
            ("Figures", await figures.ReadAsync(http)),
            ("Failures", failures.All.Where(failure => IsSeen(failure, businesses.Body.Items())).ToArray()),
            ("Quarantine", quarantine.Body),
            ("Reconciliation", reconciliation.Body),
            ("Intake", intake.Body));
    }

    // The address of a form names it, so only who sees its business sees it; Twilio's addresses belong to everybody.
    private static bool IsSeen(SignatureFailure failure, IReadOnlyList<JsonElement> businesses) =>
        !failure.Address.Contains("/forms/", StringComparison.Ordinal)
        || businesses.Any(business => business.Items("forms").Any(form => failure.Address.EndsWith($"/forms/{form.Text("id")}", StringComparison.Ordinal)));

    private static async Task<IResult> ReplayAsync(HttpContext http, Slices slices)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var answer = await slices.SendAsync(http, "POST", "/api/quarantine/replay", null, new JsonObject
        {
            ["source"] = form["source"].ToString(),
            ["key"] = form["key"].ToString(),
        });
        const string Back = "/sources";
        return !answer.Succeeded ? Notice.Then(http, Back, answer.Why, refusal: true)
            : answer.Body.Text("leadId") is { } lead
                ? Notice.Then(http, $"/leads/{lead}", "It was read again, and this is the lead it went to.")
                : Notice.Then(http, Back, "It was read again and is out of quarantine.");
    }
}
