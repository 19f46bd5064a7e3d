using LeadLedger.Businesses;
using LeadLedger.Leads;
using LeadLedger.Messaging;
using LeadLedger.PhoneNumbers;
using NodaTime;

namespace LeadLedger.Contacting;

/// <summary>Which acknowledgement is sent, and its words.</summary>
public static class AcknowledgementText
{
    /// <summary>RULE (ACK-15): the template for this case, and why. Never prior-customer wording in healthcare (C-24).</summary>
    public static (Template Template, string Reason) Choose(Business business, Lead lead, IInquiry inquiry)
    {
        var rules = business.Acknowledgement;
        if (inquiry is FormSubmitted)
        {
            return (Find(business, rules.FormTemplate), "form");
        }

        var healthcare = business.Profile is Profile.Dental or Profile.MedSpa;
        var prior = Find(business, rules.PriorCustomerTemplate);
        if (lead.PriorLead is not null && !healthcare && prior.Enabled && FirstNameOf(lead) is not null)
        {
            return (prior, "prior customer on this number");
        }

        return (Find(business, rules.MissedCallTemplate), inquiry is SmsReceived ? "inbound text" : "missed call");
    }

    public static RenderedText Render(
        Template template, Business business, Lead lead, IInquiry inquiry, Line? line, Instant now)
    {
        var status = business.Calendar.StatusAt(now);
        var next = status.OpenNow && status.ClosesAt is { } closes
            ? business.Calendar.NextOpening(closes.InZoneLeniently(business.Zone).ToInstant())
            : status.NextOpening;
        var called = Leads.Inquiry.Of(inquiry).At.InZone(business.Zone).LocalDateTime;
        var variables = new Dictionary<string, string?>(8, StringComparer.Ordinal)
        {
            ["business_name"] = business.Name,
            ["window"] = WindowPhrase.For(status.Now, status.OpenNow, status.ClosesAt?.TimeOfDay, next, business.Locale),
            ["urgent_route"] = business.UrgentRoute,
            ["number"] = (line ?? business.Lines[0]).Number.Format(PhoneNumberFormat.National),
            ["called_at"] = CalledAtPhrase.For(called, status.Now.Date, business.Locale),

            // A shared number may be anybody's: no name then (C-23).
            ["first_name"] = lead.SharesWith.IsEmpty && lead.Kind == LeadKind.Lead ? FirstNameOf(lead) : null,
        };
        return TemplateRenderer.Render(template, variables);
    }

    private static string? FirstNameOf(Lead lead) => FirstName.From(lead.Name);

    private static Template Find(Business business, string id) =>
        business.Templates.GetValueOrDefault(ShippedTemplates.IdIn(id, business.Locale)) ?? business.Templates[id];
}
