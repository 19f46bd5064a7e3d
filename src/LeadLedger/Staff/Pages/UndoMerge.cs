using System.Text.Json.Nodes;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;

namespace LeadLedger.Staff.Pages;

/// <summary>What separating two leads would come to, and the press that does it.</summary>
public static class UndoMerge
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/leads/{id}/merges/{other}/undo", PageAccess.Read, PageAsync);
        routes.MapPost("/leads/{id}/merges/{other}/undo", PageAccess.Write, UndoAsync);
    }

    private static async Task<IResult> PageAsync(string id, string other, HttpContext http, Slices slices, LeadCards cards, LeadViews views)
    {
        if (!Guid.TryParse(id, out var key) || await cards.OneAsync(http, key) is not { } lead)
        {
            return PageAnswer.Message(404, "There is no such lead, or you do not see it.", "Look for it by its number or name at the top of the page.");
        }

        var masked = await views.OpenAsync(http, lead.Business, lead.Id, "undo_merge");
        var preview = await slices.GetAsync(http, "/api/leads/{id}/unmergers/{other}", new Dictionary<string, string> { ["id"] = id, ["other"] = other });
        if (!preview.Succeeded)
        {
            return Notice.Then(http, $"/leads/{key}/merges", preview.Why, refusal: true);
        }

        return PageAnswer.Of<UndoMergePage>(
            ("Lead", lead), ("Other", other), ("Preview", preview.Body), ("Masked", masked));
    }

    private static async Task<IResult> UndoAsync(string id, string other, HttpContext http, Slices slices)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var reason = form["reason"].ToString().Trim();
        var page = Guid.TryParse(id, out var key) ? $"/leads/{key}/merges" : "/merges";
        if (reason.Length == 0)
        {
            return Notice.Then(http, page, "Say why they are two people; it stands in both histories. Nothing was changed.", refusal: true);
        }

        var answer = await slices.SendAsync(http, "POST", "/api/leads/{id}/unmergers", id, new JsonObject { ["other"] = other, ["reason"] = reason });
        return answer.Succeeded
            ? Notice.Then(http, page, "Separated. Each is again what it would be without the merge; what could be either's waits under Who is this?")
            : Notice.Then(http, page, answer.Why, refusal: true);
    }
}
