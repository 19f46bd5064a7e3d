using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Writing;
using NodaTime;

namespace LeadLedger.Leads;

/// <summary>
/// One lead inside one transaction: each fact is recorded, folded, and sets its work in motion, so that the next decision
/// is made on the state after it.
/// </summary>
public sealed class LeadSession(WriteUnit unit, Business business, Guid lead)
{
    private const int LongestWay = 20;

    public WriteUnit Unit => unit;

    public Business Business => business;

    public StreamKey Key { get; } = new(business.Id, lead);

    public Instant Now => unit.Now;

    /// <summary>The lead as it is now, with everything recorded so far.</summary>
    public Lead Lead => unit.State<Lead>(Key) ?? Lead.Empty;

    /// <summary>
    /// The lead that has an inquiry, a text or an alert now: work that was asked for while two leads were merged goes on for the one that
    /// it belongs to since they were separated.
    /// </summary>
    public LeadSession About(Guid id)
    {
        var session = this;
        for (var step = 0; step < LongestWay && session.Lead.Moved?.TryGetValue(id.ToString(), out var now) == true; step++)
        {
            unit.Require([], [new StreamKey(business.Id, now)]);
            session = new LeadSession(unit, business, now);
        }

        return session;
    }

    public RecordedEvent Record(ILeadEvent fact)
    {
        var recorded = unit.Append(Key, LeadStreams.Lead, fact);
        foreach (var message in LeadReactions.To(Lead, recorded, business))
        {
            unit.Enqueue(business.Id, Key, message);
        }

        return recorded;
    }

    public void RecordAll(IEnumerable<ILeadEvent> facts)
    {
        foreach (var fact in facts)
        {
            Record(fact);
        }
    }

    /// <summary>Tells whoever works the lead's open task; says nothing when there is none.</summary>
    public void NoteOnTask(string note, string? priority = null)
    {
        if (Lead is { HasOpenTask: true, Task: { } task } lead)
        {
            Record(new TaskRefreshed
            {
                Task = task.Id,
                Inquiry = lead.Inquiries.Length > 0 ? lead.Inquiries[0].Id : Guid.Empty,
                Count = task.InquiryCount,
                Priority = priority ?? task.Priority,
                Note = note,
            });
        }
    }
}
