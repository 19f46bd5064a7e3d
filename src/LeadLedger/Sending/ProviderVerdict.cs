using LeadLedger.Contacting;
using LeadLedger.Intake;
using LeadLedger.Leads;

namespace LeadLedger.Sending;

/// <summary>What an error code says of the number itself: recorded at once, so that every later decision of the business knows it.</summary>
public static class ProviderVerdict
{
    /// <summary>Records it on every lead of the number, whose gate row must be locked.</summary>
    public static void Record(LeadSession session, string to, ProviderCode code)
    {
        var key = WorkInquiry.PhoneKey(session.Business, to);
        if (code.ClosesNumber)
        {
            session.Record(new NumberUnreachable(ContactPoint.Phone, to, code.Code!, code.Sentence));
        }
        else if (code.Class == ProviderCodeClass.OptedOut)
        {
            var others = CaptureInquiry.LeadsOn(session.Unit, session.Business, key).Where(lead => lead.MergedInto is null).Select(lead => lead.Id);
            foreach (var lead in others.Prepend(session.Key.Id).Distinct().ToArray())
            {
                new LeadSession(session.Unit, session.Business, lead)
                    .Record(new OptedOut { Kind = ContactPoint.Phone, Value = to, Word = code.Code!, Via = "provider", ProviderReplied = true });
            }
        }
    }
}
