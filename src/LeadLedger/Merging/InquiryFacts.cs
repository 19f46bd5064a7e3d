using LeadLedger.EventStore;
using LeadLedger.Leads;

namespace LeadLedger.Merging;

/// <summary>Finds an inquiry of a lead, also one that is kept in the stream of a lead that had stood for it.</summary>
public static class InquiryFacts
{
    /// <summary>The inquiry as it was recorded; null when the lead has none of that id.</summary>
    public static async Task<IInquiry?> FindAsync(Ledger ledger, StreamKey lead, Guid inquiry, CancellationToken cancellation)
    {
        var events = await ledger.FetchAsync(lead, cancellation: cancellation);
        if (Among(events, inquiry) is { } own)
        {
            return own;
        }

        var places = events.Select(e => e.Data).OfType<LeadRestored>().SelectMany(restored => restored.Events).Select(place => place.Lead).Distinct();
        foreach (var kept in places)
        {
            if (Among(await ledger.FetchAsync(lead with { Id = kept }, cancellation: cancellation), inquiry) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static IInquiry? Among(IEnumerable<RecordedEvent> events, Guid inquiry) =>
        events.Select(e => e.Data).OfType<IInquiry>().FirstOrDefault(each => each.Inquiry == inquiry);
}
