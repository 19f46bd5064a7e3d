using LeadLedger.Staff.Frame;

namespace LeadLedger.Staff.Pages;

/// <summary>SCR-07: why somebody was or was not texted, and what would change it.</summary>
public static class Why
{
    private const int Rows = 20;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPage("/leads/{id}/why", PageAccess.Read, PageAsync);

    private static async Task<IResult> PageAsync(string id, HttpContext http, LeadDesk desk, Slices slices, string? after)
    {
        if (await desk.OpenAsync(http, id, "why") is not { } lead)
        {
            return LeadDesk.NotFound();
        }

        var answer = await slices.GetAsync(http, "/api/leads/{id}/decisions", id, ("limit", $"{Rows}"), ("cursor", after));
        return answer.Succeeded
            ? PageAnswer.Of<WhyPage>(("Lead", lead), ("Decisions", answer.Body.Items()), ("Next", answer.Body.Text("next")))
            : Notice.Then(http, $"/leads/{lead.Id}/why", answer.Why, refusal: true);
    }
}
