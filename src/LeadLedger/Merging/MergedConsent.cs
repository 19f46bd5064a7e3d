using LeadLedger.Contacting;
using LeadLedger.EventStore;
using LeadLedger.Leads;

namespace LeadLedger.Merging;

/// <summary>
/// The most restrictive consent holds for a merged lead: while several leads are one person, an opt-out of any of its numbers stops texts
/// to all of them. The rows of the numbers stay as they are, so that each has only its own word again when the leads are separated.
/// </summary>
public static class MergedConsent
{
    /// <summary>
    /// The row of another number of the merged lead that forbids texts; null when none does, or the lead is not merged. Locks the rows.
    /// </summary>
    /// <param name="session">The lead of the text; when it was merged away, the one that stands for it is looked at.</param>
    /// <param name="number">The number to be texted; its own row is asked for itself.</param>
    public static ContactPoint? Strictest(LeadSession session, string number)
    {
        var (unit, business) = (session.Unit, session.Business);
        while (session.Lead.MergedInto is { } survivor)
        {
            unit.Require([], [new StreamKey(business.Id, survivor)]);
            session = new LeadSession(unit, business, survivor);
        }

        if (session.Lead.Absorbed.IsEmpty)
        {
            return null;
        }

        var keys = session.Lead.ContactPoints.Where(point => point.Kind == ContactPoint.Phone && point.Value != number)
            .Select(point => new GateKey(business.Id, point.Kind, point.Value)).ToArray();
        unit.Require(keys, []);
        return keys.Select(key => (ContactPoint)unit.Gate(key).State).FirstOrDefault(Forbids);
    }

    private static bool Forbids(ContactPoint point) =>
        point.SuppressedSince is not null || point.Held || point.Consents.GetValueOrDefault(AcknowledgementGates.Purpose) is { State: "withdrawn" };
}
