using LeadLedger.Businesses;
using LeadLedger.Contacting;
using LeadLedger.EventStore;
using LeadLedger.Leads;
using LeadLedger.Messaging;
using LeadLedger.PhoneNumbers;

namespace LeadLedger.Alerts;

/// <summary>Who is told of a lead, over which channels, and in which words (OWN-01..09, OWN-11).</summary>
public static class OwnerAlerts
{
    private const int ShortMessage = 60;

    /// <summary>The lead's owner; for a lead in triage the business owner, then the default owner, then anybody who can be reached.</summary>
    public static StaffMember? RecipientOf(Lead lead, Business business) =>
        new[] { business.StaffOf(lead.Owner), business.StaffOf(business.Tasks.BusinessOwner), business.StaffOf(business.DefaultOwner) }
            .Concat(business.Staff)
            .FirstOrDefault(member => member is not null && ChannelsOf(member).Count > 0);

    /// <summary>Channels of a staff member that may be used now: a closed billing gate leaves only e-mail (C-33).</summary>
    public static IReadOnlyList<string> ChannelsOf(StaffMember member, Business business) =>
        [.. ChannelsOf(member).Where(channel => channel != "sms" || business.Sending.BillingActive)];

    public static OwnerAlertRequested ForInquiry(
        LeadSession session,
        IInquiry inquiry,
        InquiryContext context,
        StaffMember recipient,
        IReadOnlyList<string> channels,
        string kind,
        IReadOnlyList<string> urgent)
    {
        var content = Content(session, inquiry, context, kind, urgent);
        return Request(session, inquiry.Inquiry, kind, recipient, channels, content, TemplateOf(session.Business, content), context.Line);
    }

    /// <summary>An alert because a task waits, to one staff member.</summary>
    public static OwnerAlertRequested ForEscalation(
        LeadSession session, StaffMember recipient, IReadOnlyList<string> channels, Guid inquiry, string waiting, StaffLinks links)
    {
        var lead = session.Lead;
        var content = Person(lead, links) with { Kind = "waiting callback", Waiting = waiting, Source = lead.Source };
        var template = session.Business.Templates.GetValueOrDefault("owner-escalation") ?? TemplateOf(session.Business, content);
        return Request(session, inquiry, "escalation", recipient, channels, content, template, null);
    }

    /// <summary>An alert into the team's channel webhook (OWN-10).</summary>
    public static OwnerAlertRequested ForTeam(LeadSession session, Guid inquiry, string waiting, StaffLinks links)
    {
        var lead = session.Lead;
        var content = Person(lead, links) with { Kind = "waiting callback", Waiting = waiting, Source = lead.Source };
        var mail = OwnerAlertText.Email(TemplateOf(session.Business, content), content);
        return new OwnerAlertRequested
        {
            Alert = session.Now.NewId(),
            Inquiry = inquiry,
            AlertKind = "escalation",
            Recipient = "team",
            Channels = ["channel"],
            Subject = mail.Subject,
            SmsBody = "",
            EmailBody = mail.Body,
        };
    }

    private static IReadOnlyList<string> ChannelsOf(StaffMember member)
    {
        var channels = new List<string>(2);
        if (member is { AlertBySms: true, Phone: not null })
        {
            channels.Add("sms");
        }

        if (member is { AlertByEmail: true, Email: not null })
        {
            channels.Add("email");
        }

        return channels;
    }

    private static OwnerAlertRequested Request(
        LeadSession session,
        Guid inquiry,
        string kind,
        StaffMember recipient,
        IReadOnlyList<string> channels,
        OwnerAlertContent content,
        Template template,
        Line? line)
    {
        var mail = OwnerAlertText.Email(template, content);
        return new OwnerAlertRequested
        {
            Alert = session.Now.NewId(),
            Inquiry = inquiry,
            AlertKind = kind,
            Recipient = recipient.Id,
            Channels = channels,
            SmsTo = recipient.Phone?.E164,
            SmsFrom = (line ?? session.Business.Lines[0]).Number.E164,
            EmailTo = recipient.Email,
            Subject = mail.Subject,
            SmsBody = OwnerAlertText.Sms(template, content).Body,
            EmailBody = mail.Body,
        };
    }

    private static OwnerAlertContent Content(
        LeadSession session, IInquiry inquiry, InquiryContext context, string kind, IReadOnlyList<string> urgent)
    {
        var lead = session.Lead;
        var business = session.Business;
        var local = Inquiry.Of(inquiry).At.InZone(business.Zone).LocalDateTime;
        var called = CalledAtPhrase.For(local, session.Now.InZone(business.Zone).Date, business.Locale);
        var person = Person(lead, context.Links) with
        {
            CalledAt = called,
            WithholdDetails = business.Profile is Profile.Dental or Profile.MedSpa,
            Note = urgent.Count > 0
                ? $"Urgent words: {string.Join(", ", urgent)}"
                : kind == "second_touch" ? $"Inquiry {lead.InquiryCount} of this lead" : null,
        };
        return inquiry switch
        {
            CallMissed e => person with
            {
                Kind = (e.Voicemail is null ? "missed call" : "missed call with voicemail") + Late(e.FoundBy),
                Withheld = e.Withheld,
                Source = e.LineLabel ?? "missed call",
                Intent = "wants a call back",
            },
            FormSubmitted e => person with
            {
                Kind = "web form",
                Message = e.Message,
                SourcePage = e.Attribution.SourceUrl ?? e.FormLabel,
                Source = e.FormLabel ?? e.FormId,
                Intent = e.Service,
            },
            SmsReceived e => person with
            {
                Kind = "text message" + Late(e.FoundBy),
                Message = e.Body.Length > ShortMessage * 8 ? e.Body[..(ShortMessage * 8)] : e.Body,
                Source = "text message",
            },
            _ => person,
        };
    }

    private static OwnerAlertContent Person(Lead lead, StaffLinks links)
    {
        var number = lead.ContactPoints.FirstOrDefault(point => point.Kind == ContactPoint.Phone)?.Value;
        return new OwnerAlertContent(
            "lead",
            Name: lead.Name,
            PhoneNational: number is null ? lead.Phone : PhoneNumber.FromE164(number).Format(PhoneNumberFormat.National),
            PhoneE164: number,
            LeadLink: links.Lead(lead.Id),
            SharedWith: lead.SharesWith.IsEmpty ? null : $"{lead.SharesWith.Length} other lead(s)")
        {
            Email = lead.Email,
        };
    }

    private static Template TemplateOf(Business business, OwnerAlertContent content) =>
        business.Templates[OwnerAlertText.TemplateId(content)];

    // Its report never came, so the person has been waiting for longer than it seems.
    private static string Late(string? foundBy) => foundBy is null ? "" : ", found late";
}
