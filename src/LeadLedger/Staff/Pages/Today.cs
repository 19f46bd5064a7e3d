using System.Text.Json.Nodes;
using LeadLedger.Staff.Frame;
using LeadLedger.Staff.Live;

namespace LeadLedger.Staff.Pages;

/// <summary>SCR-01: what to do next. The open tasks by deadline, and beside them what is paused or wrong.</summary>
public static class Today
{
    private const int Shown = 45;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/", PageAccess.Read, PageAsync);
        routes.MapPost("/tasks/{id}/claim", PageAccess.Write, ClaimAsync);
        routes.MapPost("/tasks/claim-all", PageAccess.Write, ClaimAllAsync);
    }

    private static async Task<IResult> PageAsync(HttpContext http, Slices slices, LeadCards cards, TodayFigures figures, LiveReads reads, string? who, string? after)
    {
        var mine = who == "mine" ? PageContext.Of(http).User!.Login : null;
        var tasks = await slices.GetAsync(http, "/api/tasks", null, ("owner", mine), ("limit", $"{Shown}"), ("cursor", after));
        var sending = await slices.GetAsync(http, "/api/sending");
        var status = await slices.GetAsync(http, "/api/status");
        var items = tasks.Body.Items();
        var ids = items.Select(task => Guid.Parse(task.Required("leadId"))).ToArray();
        return PageAnswer.Of<TodayPage>(
            ("Tasks", items),
            ("Leads", await reads.OfAsync(http, $"cards {string.Join(',', ids)}", () => cards.OfAsync(http, ids))),
            ("Next", tasks.Body.Text("next")),
            ("Mine", mine is not null),
            ("Banners", sending.Body.Texts("banners")),
            ("Status", status.Body),
            ("Figures", await reads.OfAsync(http, "figures of today", () => figures.ReadAsync(http))));
    }

    private static async Task<IResult> ClaimAsync(string id, HttpContext http, Slices slices)
    {
        var answer = await slices.SendAsync(http, "PUT", "/api/tasks/{id}/claim", id, await ByAsync(http));
        var back = await BackAsync(http);
        return answer.Succeeded ? Notice.Then(http, back ?? $"/callbacks/{id}", "It is yours. Call, then say how it went.")
            : Notice.Then(http, back ?? "/", answer.Why, refusal: true);
    }

    // A hailstorm brings twelve at once: take all that are marked in one press.
    private static async Task<IResult> ClaimAllAsync(HttpContext http, Slices slices)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var by = await ByAsync(http);
        var (taken, refused) = (0, new List<string>());
        foreach (var task in form["task"].OfType<string>().Distinct().Take(Shown))
        {
            var answer = await slices.SendAsync(http, "PUT", "/api/tasks/{id}/claim", task, (JsonObject)by.DeepClone());
            if (answer.Succeeded)
            {
                taken++;
            }
            else
            {
                refused.Add(answer.Why);
            }
        }

        var said = taken == 0 && refused.Count == 0 ? "Mark the tasks you want first." : $"{taken} taken." + (refused.Count == 0 ? "" : $" {refused.Count} not: {string.Join(" ", refused.Distinct().Take(3))}");
        return Notice.Then(http, "/", said, refusal: taken == 0);
    }

    private static async Task<JsonObject> ByAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return form["by"].ToString() is { Length: > 0 } by ? new JsonObject { ["by"] = by } : [];
    }

    private static async Task<string?> BackAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return form["back"].ToString() is { Length: > 0 } back && back[0] == '/' && !back.StartsWith("//", StringComparison.Ordinal) ? back : null;
    }
}
