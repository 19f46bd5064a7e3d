using System.Text.Json;
using LeadLedger.EventStore;
using LeadLedger.Leads;
using LeadLedger.Reading;
using LeadLedger.Staff.Frame;
using NodaTime;

namespace LeadLedger.Staff.Pages;

/// <summary>One merge, and the merges before it of the lead that went.</summary>
/// <param name="Survivor">The lead that stands for the other.</param>
/// <param name="Other">The lead that went.</param>
/// <param name="Card">What is stored of the lead that went; null when it cannot be seen.</param>
/// <param name="Fact">What the merge took over.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who, as the ledger names them.</param>
/// <param name="Masked">Personal data is hidden from whoever looks.</param>
/// <param name="UndoneAt">When the merge was undone; null when it stands.</param>
/// <param name="Children">Leads that had gone into the other before.</param>
public sealed record MergeNode(
    Guid Survivor, Guid Other, Lead? Card, LeadAbsorbed Fact, Instant At, string Actor, bool Masked, Instant? UndoneAt, IReadOnlyList<MergeNode> Children);

/// <summary>SCR-10: what was merged into a lead, by whom and why, and what went into that before.</summary>
public static class MergeTree
{
    private const int MostLeads = 200;
    private const string Merged = "lead_absorbed";
    private const string Separated = "lead_separated";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPage("/leads/{id}/merges", PageAccess.Read, PageAsync);

    private static async Task<IResult> PageAsync(string id, HttpContext http, LeadDesk desk, LeadCards cards, HistoryQuery history, LedgerModel model)
    {
        if (await desk.OpenAsync(http, id, "merges") is not { } lead)
        {
            return LeadDesk.NotFound();
        }

        var entries = await EntriesAsync(lead.Lead, history, http.RequestAborted);
        var others = await cards.OfAsync(http, entries.Select(OtherOf));
        return PageAnswer.Of<MergeTreePage>(("Lead", lead), ("Merges", Below(lead.Id, entries, others, model, lead.IsMasked, [])));
    }

    // Level by level: what went into the lead, what had gone into that, and so on.
    private static async Task<List<HistoryEntry>> EntriesAsync(Lead lead, HistoryQuery history, CancellationToken cancellation)
    {
        var all = new List<HistoryEntry>();
        var seen = new HashSet<Guid> { lead.Id };
        Guid[] level = [lead.Id];
        while (level.Length > 0 && seen.Count < MostLeads)
        {
            var merged = await history.OfTypeAsync(lead.Business, level, Merged, cancellation);
            all.AddRange(merged);
            all.AddRange(await history.OfTypeAsync(lead.Business, level, Separated, cancellation));
            level = [.. merged.Select(OtherOf).Where(seen.Add)];
        }

        return [.. all.DistinctBy(entry => entry.Position)];
    }

    private static IReadOnlyList<MergeNode> Below(
        Guid lead, IReadOnlyList<HistoryEntry> entries, IReadOnlyDictionary<Guid, Lead> cards, LedgerModel model, bool masked, IReadOnlyList<Guid> above) =>
        [.. entries.Where(entry => entry.Type == Merged && entry.Stream.Id == lead).OrderByDescending(entry => entry.Position).Select(entry =>
        {
            var other = OtherOf(entry);
            var undone = entries.Where(later => later.Type == Separated && later.Stream.Id == lead && later.Position > entry.Position && OtherOf(later) == other)
                .Select(later => (Instant?)later.RecordedAt).Min();
            return new MergeNode(
                lead, other, cards.GetValueOrDefault(other), (LeadAbsorbed)model.Events.Read(entry.Type, entry.Data), entry.RecordedAt, entry.Actor, masked, undone,
                above.Contains(other) ? [] : Below(other, entries, cards, model, masked, [.. above, lead]));
        })];

    private static Guid OtherOf(HistoryEntry entry)
    {
        using var data = JsonDocument.Parse(entry.Data);
        return data.RootElement.GetProperty("other").GetGuid();
    }
}
