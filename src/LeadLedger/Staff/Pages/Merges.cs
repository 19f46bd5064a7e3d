using System.Text.Json.Nodes;
using LeadLedger.Leads;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;
using NodaTime;

namespace LeadLedger.Staff.Pages;

/// <summary>Two leads that may be one person, the one that was there first on the left.</summary>
/// <param name="Left">Opened first.</param>
/// <param name="Right">Opened later.</param>
/// <param name="Suggestion">Why they are suggested.</param>
/// <param name="Masked">Personal data is hidden from whoever looks.</param>
/// <param name="PutOffUntil">Somebody decides later; null when it waits now.</param>
public sealed record MergePair(Lead Left, Lead Right, Suggestion Suggestion, bool Masked, Instant? PutOffUntil);

/// <summary>SCR-09: pairs that may be one person, with what speaks for and against it, and what merging them would come to.</summary>
public static class Merges
{
    private const int Most = 20;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/merges", PageAccess.Read, PageAsync);
        routes.MapPost("/merges/{id}/merge", PageAccess.Write, MergeAsync);
        routes.MapPost("/merges/{id}/reject", PageAccess.Write, RejectAsync);
        routes.MapPost("/merges/{id}/later", PageAccess.Write, LaterAsync);
    }

    private static async Task<IResult> PageAsync(HttpContext http, OpenMatters matters, LeadCards cards, PutOffPairs putOff, LeadViews views)
    {
        var leads = await cards.OfAsync(http, await matters.SuggestedAsync(http));
        var all = new Dictionary<Guid, Lead>(await cards.OfAsync(http, leads.Values.SelectMany(lead => lead.MergeSuggestions).Select(s => s.Other)));
        foreach (var (id, lead) in leads)
        {
            all[id] = lead;
        }

        var waiting = await putOff.NowAsync(http);
        var pairs = new List<MergePair>();
        var seen = new HashSet<(Guid, Guid)>();
        foreach (var lead in leads.Values.OrderByDescending(lead => lead.LastInquiryAt))
        {
            foreach (var suggestion in lead.MergeSuggestions)
            {
                var key = PutOffPairs.Order(lead.Id, suggestion.Other);
                if (all.GetValueOrDefault(suggestion.Other) is { MergedInto: null } other && other.Business == lead.Business && seen.Add(key))
                {
                    var (left, right) = other.OpenedAt <= lead.OpenedAt ? (other, lead) : (lead, other);
                    pairs.Add(new MergePair(left, right, suggestion, false, waiting.TryGetValue(key, out var until) ? until : null));
                }
            }
        }

        var open = pairs.Where(pair => pair.PutOffUntil is null).OrderByDescending(pair => pair.Suggestion.Score).ToArray();
        var shown = new List<MergePair>();
        foreach (var pair in open.Take(Most))
        {
            var masked = await views.IsMaskedAsync(http, pair.Left.Business, pair.Left.Id) || await views.IsMaskedAsync(http, pair.Right.Business, pair.Right.Id);
            shown.Add(pair with { Masked = masked });
        }

        return PageAnswer.Of<MergesPage>(
            ("Pairs", (IReadOnlyList<MergePair>)shown),
            ("Waiting", open.Length),
            ("PutOff", pairs.Count - open.Length),
            ("Returns", pairs.Count > open.Length ? pairs.Where(pair => pair.PutOffUntil is not null).Min(pair => pair.PutOffUntil) : null));
    }

    private static async Task<IResult> MergeAsync(string id, HttpContext http, Slices slices)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var answer = await slices.SendAsync(http, "POST", "/api/leads/{id}/mergers", id,
            new JsonObject { ["other"] = form["other"].ToString(), ["reason"] = form["reason"].ToString() });
        return answer.Succeeded
            ? Notice.Then(http, "/merges", "Merged. The history of both is on one page now; it can be looked at under Merge history.")
            : Notice.Then(http, "/merges", answer.Why, refusal: true);
    }

    private static async Task<IResult> RejectAsync(string id, HttpContext http, Slices slices)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var answer = await slices.SendToAsync(http, "POST", "/api/leads/{id}/suggestions/{other}/rejection",
            new Dictionary<string, string> { ["id"] = id, ["other"] = form["other"].ToString() },
            new JsonObject { ["reason"] = form["reason"].ToString() });
        return answer.Succeeded
            ? Notice.Then(http, "/merges", "They stay two people. This pair is not suggested again.")
            : Notice.Then(http, "/merges", answer.Why, refusal: true);
    }

    private static async Task<IResult> LaterAsync(string id, HttpContext http, LeadCards cards, PutOffPairs putOff)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (!Guid.TryParse(id, out var lead) || !Guid.TryParse(form["other"], out var other)
            || await cards.OneAsync(http, lead) is not { } found || await cards.OneAsync(http, other) is not { } second || second.Business != found.Business)
        {
            return Notice.Then(http, "/merges", "There is no such pair, or you do not see it. Nothing was changed.", refusal: true);
        }

        await putOff.AddAsync(http, found.Business, lead, other);
        return Notice.Then(http, "/merges", "Put off. The pair comes back tomorrow at this time, for everybody.");
    }
}
