using System.Globalization;
using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.Hosting;
using LeadLedger.Leads;
using LeadLedger.Reading;
using LeadLedger.Staff.Accounts;
using NodaTime;

namespace LeadLedger.Staff.Frame;

/// <summary>A lead whose page somebody opened.</summary>
/// <param name="Lead">As it is now.</param>
/// <param name="Business">Its business; times are shown in its zone.</param>
/// <param name="IsMasked">Whether personal data is hidden from whoever looks.</param>
/// <param name="Survivor">The lead that stands for it, at the end of a chain of merges.</param>
public sealed record OpenedLead(Lead Lead, Business Business, bool IsMasked, Guid? Survivor)
{
    public Guid Id => Lead.Id;

    public DateTimeZone Zone => Business.Zone;

    /// <summary>What it is called.</summary>
    public string Heading => LeadWords.Heading(Lead, Business.Region, IsMasked);

    /// <summary>A text as this person may see it.</summary>
    public string Text(string? text) => IsMasked ? Shown.MaskedText(text) : text ?? "";

    /// <summary>A sentence out of an answer, its instants in the zone of the business; the answer was masked where it must be.</summary>
    public string Sentence(string? text) => LeadWords.Local(text ?? "", Zone);
}

/// <summary>How every page about one lead begins: find it, ask whether it is masked, record the view.</summary>
public sealed class LeadDesk(LeadCards cards, LeadViews views, LeadFinder finder, HistoryQuery history, Slices slices)
{
    private const int PageSize = 200;

    /// <summary>The lead; null when there is none in sight.</summary>
    /// <param name="http">The page's request.</param>
    /// <param name="id">As the address has it.</param>
    /// <param name="what">Which page, for the record of views.</param>
    public async Task<OpenedLead?> OpenAsync(HttpContext http, string id, string what)
    {
        if (!Guid.TryParse(id, out var lead) || await cards.OneAsync(http, lead) is not { } found || ApiScope.Of(http).Find(found.Business) is not { } business)
        {
            return null;
        }

        return new OpenedLead(
            found, business, await views.OpenAsync(http, business.Id, lead, what),
            found.MergedInto is { } into ? await finder.SurvivorAsync(ApiScope.Of(http), into, http.RequestAborted) : null);
    }

    /// <summary>The page for an address that names no lead in sight.</summary>
    public static IResult NotFound() => PageAnswer.Message(
        404, "There is no such lead, or you do not see it.", "Look for it by number or name at the top of the page. A lead is never deleted.");

    /// <summary>What people wrote down about a lead and those that went into it, latest first.</summary>
    public async Task<IReadOnlyList<LeadNote>> NotesAsync(OpenedLead lead, int most, CancellationToken cancellation)
    {
        var streams = await history.StreamsAsync(new StreamKey(lead.Business.Id, lead.Id), cancellation);
        var entries = await history.OfTypeAsync(lead.Business.Id, streams, "note_added", cancellation);
        return [.. entries.Take(most).Select(entry =>
            JsonSerializer.Deserialize(entry.Data, LedgerJsonContext.Default.NoteAdded) is { } note ? new LeadNote(note.Text, note.By, entry.RecordedAt) : null).OfType<LeadNote>()];
    }

    /// <summary>A lead's events, oldest first, at most so many.</summary>
    /// <param name="http">The page's request.</param>
    /// <param name="id">The lead.</param>
    /// <param name="most">Stops after the page that reaches this many.</param>
    /// <param name="wanted">Only these.</param>
    /// <param name="after">'next' of an earlier answer.</param>
    public async Task<LeadPast> PastAsync(HttpContext http, Guid id, int most, Func<JsonElement, bool>? wanted = null, string? after = null)
    {
        var events = new List<JsonElement>();
        var verified = true;
        var read = 0;
        var size = Math.Min(most, PageSize);
        do
        {
            var answer = await slices.GetAsync(http, "/api/leads/{id}/history", id.ToString(), ("limit", size.ToString(CultureInfo.InvariantCulture)), ("after", after));
            if (!answer.Succeeded)
            {
                return new LeadPast(events, verified, read, null, answer.Why);
            }

            var items = answer.Body.Items();
            read += items.Count;
            events.AddRange(wanted is null ? items : items.Where(wanted));
            verified &= answer.Body.Flag("verified");
            after = answer.Body.Text("next");
        }
        while (after is not null && events.Count < most && read < 25 * PageSize);
        return new LeadPast(events, verified, read, after, null);
    }
}

/// <summary>Events of a lead.</summary>
/// <param name="Events">As the API shows them.</param>
/// <param name="Verified">Whether the chain of everything that was read comes out the same when it is computed again.</param>
/// <param name="Read">How many were read.</param>
/// <param name="Next">Where to go on; null at the end.</param>
/// <param name="Why">Why they could not be read.</param>
public sealed record LeadPast(IReadOnlyList<JsonElement> Events, bool Verified, int Read, string? Next, string? Why);

/// <summary>What somebody wrote down about a lead.</summary>
/// <param name="Text">Their words.</param>
/// <param name="By">Who, as the ledger names them.</param>
/// <param name="At">When.</param>
public sealed record LeadNote(string Text, string By, Instant At);
