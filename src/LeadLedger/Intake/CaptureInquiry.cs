using LeadLedger.Businesses;
using LeadLedger.Contacting;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Writing;
using LeadLedger.Leads;
using LeadLedger.Matching;

namespace LeadLedger.Intake;

/// <summary>
/// Takes one inquiry in: matches it with the leads that use its contact points, records it on that lead or a new one, and
/// decides everything that follows. Runs inside the transaction that holds the contact points' gate rows.
/// </summary>
public static class CaptureInquiry
{
    private const int MostCandidates = 16;

    /// <summary>The gate rows that must be locked for this person.</summary>
    public static IReadOnlyList<GateKey> Gates(Business business, Identity identity)
    {
        var gates = new List<GateKey>(3);
        if (identity is { Phone: { } phone, Withheld: false })
        {
            gates.Add(new GateKey(business.Id, ContactPoint.Phone, phone));
        }

        if (identity.EmailKey is { } email)
        {
            gates.Add(new GateKey(business.Id, ContactPoint.Email, email));
        }

        return gates;
    }

    /// <param name="unit">The transaction.</param>
    /// <param name="business">Whose inquiry it is.</param>
    /// <param name="identity">Who it seems to come from.</param>
    /// <param name="context">Line, form and links.</param>
    /// <param name="inquiryId">The inquiry's id.</param>
    /// <param name="fact">Makes the fact once the match is known.</param>
    /// <returns>The lead it went to.</returns>
    public static (Lead Lead, Match Match) Into(
        WriteUnit unit, Business business, Identity identity, InquiryContext context, Guid inquiryId, Func<Match, IInquiry> fact)
    {
        var result = MatchLead.Decide(
            identity,
            LeadsOn(unit, business, identity is { Withheld: false, Phone: { } phone } ? new GateKey(business.Id, ContactPoint.Phone, phone) : null),
            LeadsOn(unit, business, identity.EmailKey is { } email ? new GateKey(business.Id, ContactPoint.Email, email) : null),
            business.Matching,
            unit.Now);
        var session = new LeadSession(unit, business, result.Joins ?? unit.Now.NewId());
        var inquiry = fact(result.Match);
        if (inquiry.Inquiry != inquiryId)
        {
            throw new InvalidOperationException("the fact does not carry the inquiry's id");
        }

        session.Record(inquiry);
        Link(session, business, identity, result);
        WorkInquiry.Decide(session, inquiry, context);
        return (session.Lead, result.Match);
    }

    /// <summary>The leads on a locked gate row, most recent first.</summary>
    public static IReadOnlyList<Lead> LeadsOn(WriteUnit unit, Business business, GateKey? key)
    {
        if (key is not { } gate)
        {
            return [];
        }

        var ids = unit.Gate(gate).Streams.Take(MostCandidates).Select(id => new StreamKey(business.Id, id)).ToArray();
        unit.Require([], ids);
        return [.. ids.Select(unit.State<Lead>).OfType<Lead>()];
    }

    // Two people on one number are told of each other; nobody is merged (C-12, TST-03).
    private static void Link(LeadSession session, Business business, Identity identity, MatchResult result)
    {
        if (result.Match.Outcome is MatchOutcomes.SharedNumber && identity.Phone is { } phone)
        {
            Guid[] all = [session.Key.Id, .. result.Match.Others];
            session.Record(new SharesContactPoint(ContactPoint.Phone, phone, all));
            foreach (var other in result.Match.Others)
            {
                new LeadSession(session.Unit, business, other).Record(new SharesContactPoint(ContactPoint.Phone, phone, all));
            }
        }

        foreach (var (other, reason, score) in result.Suggestions.Where(each => session.Lead.NotSameAs?.Contains(each.Lead) is not true))
        {
            session.Record(new MergeSuggested { Other = other, Reasons = [reason], Score = score, RuleVersion = business.Matching.Version });
        }
    }
}
