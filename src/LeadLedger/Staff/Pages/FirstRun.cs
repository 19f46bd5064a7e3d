using LeadLedger.Hosting;
using LeadLedger.Staff.Frame;

namespace LeadLedger.Staff.Pages;

/// <summary>SCR-25: from the first start to the first real lead, each step judged by what is really there.</summary>
public static class FirstRun
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/first-run", PageAccess.Owner, PageAsync);
        routes.MapPost("/first-run/test-call", PageAccess.Owner, TestCallAsync);
    }

    private static async Task<IResult> PageAsync(HttpContext http, FirstRunFacts facts, LeadCards cards, ServiceAddress address, string? lead) =>
        PageAnswer.Of<FirstRunPage>(
            ("State", await facts.ReadAsync(http)),
            ("PublicBase", address.PublicBase),
            ("Made", Guid.TryParse(lead, out var id) ? await cards.OneAsync(http, id) : null));

    private static async Task<IResult> TestCallAsync(HttpContext http, TrialCall trial)
    {
        var page = PageContext.Of(http);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (page.Business(form["target"].ToString()) is not { } business)
        {
            return Notice.Then(http, page.Link("/first-run"), "There is no such business, or you do not see it.", refusal: true);
        }

        var (lead, _, why) = await trial.MakeAsync(business, http.RequestAborted);
        return lead is null
            ? Notice.Then(http, page.Link("/first-run"), why!, refusal: true)
            : Notice.Then(http, page.Link($"/first-run?lead={lead}"), "The call was missed, and a lead was made of it. What was decided stands below.");
    }
}
