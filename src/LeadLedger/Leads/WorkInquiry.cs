using LeadLedger.Alerts;
using LeadLedger.Businesses;
using LeadLedger.Contacting;
using LeadLedger.EventStore;
using LeadLedger.Merging;
using LeadLedger.Messaging;
using LeadLedger.Routing;
using NodaTime;

namespace LeadLedger.Leads;

/// <summary>What an inquiry brings with it that is not in the fact: configured things it refers to.</summary>
/// <param name="Line">The configured line; null when there is none.</param>
/// <param name="LineUnknown">A number was called that is no line of the business.</param>
/// <param name="Form">The form.</param>
/// <param name="Links">Addresses for staff.</param>
public sealed record InquiryContext(Line? Line, bool LineUnknown, Form? Form, StaffLinks Links)
{
    /// <summary>For an inquiry that is decided again later: the line it came in on, when it still is one.</summary>
    public static InquiryContext Again(Business business, IInquiry inquiry, StaffLinks links)
    {
        var called = inquiry switch
        {
            CallMissed e => e.Line,
            SmsReceived e => e.Line,
            _ => null,
        };
        return new InquiryContext(business.Lines.FirstOrDefault(line => line.Number.E164 == called), false, null, links);
    }
}

/// <summary>
/// What is decided for every inquiry, in one order and in one transaction: review of urgent words, route, may we text,
/// may we alert, and the callback task. Each decision sees the facts of the ones before it.
/// </summary>
public static class WorkInquiry
{
    private static readonly Duration RepeatCallSilence = Duration.FromMinutes(10);

    public static void Decide(LeadSession session, IInquiry inquiry, InquiryContext context)
    {
        var urgent = UrgentWords.In(TextOf(inquiry), session.Business.UrgentWords);
        if (urgent.Count > 0)
        {
            session.Record(new UrgentReviewRequested(inquiry.Inquiry, urgent));
        }

        var lead = session.Lead;
        var kind = lead.InquiryCount == 1 ? "new_inquiry" : "second_touch";
        if (RouteLead.Decide(session.Business, lead, context.Line, context.LineUnknown, context.Form) is { } route)
        {
            session.Record(route);
        }

        var acknowledgement = Acknowledge(session, inquiry, context, null);
        DecideAlert(session, inquiry, context, acknowledgement, kind, urgent);
        OpenOrRefreshTask(session, inquiry, acknowledgement, urgent);
    }

    /// <summary>
    /// Decides the acknowledgement and, when permitted, requests the text. Also used when a deferred one is due, and when a person wants one
    /// sent again; that one is sent now or not at all.
    /// </summary>
    public static GateOutcome Acknowledge(LeadSession session, IInquiry inquiry, InquiryContext context, Guid? supersedes, Guid? replaces = null)
    {
        var business = session.Business;
        var number = AcknowledgementGates.NumberOf(inquiry);
        var point = number is null ? null : (ContactPoint)session.Unit.Gate(PhoneKey(business, number.E164)).State;
        var month = QuotaMonth(business, session.Now);
        var (template, reason) = AcknowledgementText.Choose(business, session.Lead, inquiry);
        var outcome = AcknowledgementGates.Decide(new AcknowledgementCase
        {
            Business = business,
            Lead = session.Lead,
            Inquiry = inquiry,
            Revised = session.Lead.Inquiries.FirstOrDefault(i => i.Id == inquiry.Inquiry),
            ContactPoint = point,
            MergedWith = number is null ? null : MergedConsent.Strictest(session, number.E164),
            QuotaUsed = month is null ? null : ((ContactPoint)session.Unit.Gate(QuotaKey(business, month)).State).Count,
            Template = template,
            Replaces = replaces,
            Now = session.Now,
        });
        if (replaces is not null && outcome.Outcome == "deferred")
        {
            outcome = outcome with { Outcome = "denied", SendAfter = null };
        }

        RenderedText? text = null;
        if (outcome.Outcome == "permitted")
        {
            text = AcknowledgementText.Render(template, business, session.Lead, inquiry, context.Line, session.Now);
            if (!text.Sendable)
            {
                outcome = outcome with
                {
                    Outcome = "denied",
                    Codes = [ReasonCodes.TemplateBlocked],
                    Counterfactual = $"It would be sent if the template had values for {string.Join(", ", text.Missing)}.",
                };
            }
        }

        var decision = session.Now.NewId();
        session.Record(new DecisionMade
        {
            Decision = decision,
            Inquiry = inquiry.Inquiry,
            Purpose = Purposes.Acknowledgement,
            Outcome = outcome.Outcome,
            Codes = outcome.Codes,
            Gates = outcome.Gates,
            PolicyVersion = business.PolicyVersion,
            Basis = outcome.Basis,
            SendAfter = outcome.SendAfter,
            EarliestPermitted = outcome.EarliestPermitted,
            Counterfactual = outcome.Counterfactual,
            Template = template.Id,
            TemplateVersion = template.Version,
            Zones = outcome.Zones,
            Supersedes = supersedes,
        });
        if (outcome.Outcome == "permitted")
        {
            session.Record(new SmsRequested
            {
                Message = session.Now.NewId(),
                Inquiry = inquiry.Inquiry,
                Decision = decision,
                Purpose = Purposes.Acknowledgement,
                To = number!.E164,
                From = (context.Line ?? business.Lines[0]).Number.E164,
                Body = text!.Body,
                Template = template.Id,
                TemplateVersion = template.Version,
                TemplateReason = reason,
                Class = TemplateClasses.Name(template.Class),
                Segments = text.Length.Segments,
                Encoding = text.Length.Encoding == SmsEncoding.Gsm7 ? "GSM-7" : "UCS-2",
                PermittedAt = outcome.PermittedAt,
                NotAfter = Instant.Max(outcome.PermittedAt, session.Now) + business.Acknowledgement.StaleAfter,
                QuotaMonth = month,
                Replaces = replaces,
            });
        }

        return outcome;
    }

    /// <summary>Gate rows that deciding this inquiry needs, beyond its own contact points.</summary>
    public static IReadOnlyList<GateKey> ExtraGates(Business business, Instant now) =>
        QuotaMonth(business, now) is { } month ? [QuotaKey(business, month)] : [];

    public static GateKey PhoneKey(Business business, string e164) => new(business.Id, ContactPoint.Phone, e164);

    private static GateKey QuotaKey(Business business, string month) => new(business.Id, ContactPoint.Quota, month);

    private static string? QuotaMonth(Business business, Instant now) =>
        business.Sending.ConversationQuota is null
            ? null
            : now.InZone(business.Zone).Date.ToString("uuuu'-'MM", System.Globalization.CultureInfo.InvariantCulture);

    private static void DecideAlert(
        LeadSession session, IInquiry inquiry, InquiryContext context, GateOutcome acknowledgement, string kind, IReadOnlyList<string> urgent)
    {
        var business = session.Business;
        var recipient = OwnerAlerts.RecipientOf(session.Lead, business);
        var checks = new List<GateCheck>(4)
        {
            recipient is null
                ? new GateCheck("recipient", false, ReasonCodes.NumberMissing, "nobody of the staff has a phone or mailbox for alerts")
                : new GateCheck("recipient", true, null, recipient.Id),
            SpamOf(acknowledgement),
            RepeatOf(session.Lead, inquiry, session.Now, urgent.Count > 0),
        };
        var channels = recipient is null ? [] : OwnerAlerts.ChannelsOf(recipient, business);
        if (recipient is not null && channels.Count == 0)
        {
            checks.Add(new GateCheck("channel", false, ReasonCodes.BillingInactive, "only SMS is configured, and billing is inactive"));
        }

        var failed = checks.Where(check => !check.Passed).ToArray();
        session.Record(new DecisionMade
        {
            Decision = session.Now.NewId(),
            Inquiry = inquiry.Inquiry,
            Purpose = Purposes.OwnerAlert,
            Outcome = failed.Length == 0 ? "permitted" : "denied",
            Codes = failed.Length == 0 ? [ReasonCodes.Permitted] : [.. failed.Select(check => check.Code!).Distinct()],
            Gates = checks,
            PolicyVersion = business.PolicyVersion,
            EarliestPermitted = failed.Length == 0 ? session.Now : null,
            Counterfactual = failed.Length == 0 ? null : "Staff see it in the task list without an alert.",
        });
        if (failed.Length == 0)
        {
            session.Record(OwnerAlerts.ForInquiry(session, inquiry, context, recipient!, channels, kind, urgent));
        }
    }

    private static GateCheck SpamOf(GateOutcome acknowledgement)
    {
        var spam = acknowledgement.Codes.FirstOrDefault(code =>
            code is ReasonCodes.SuspectedHangup or ReasonCodes.SpamListed or ReasonCodes.SpamScore);
        return new GateCheck("spam", spam is null, spam, spam is null ? "no sign of spam" : "listed for a check, not alerted");
    }

    // Three calls in ninety seconds are one piece of news; a form, a text or a voicemail always is one (C-11).
    private static GateCheck RepeatOf(Lead lead, IInquiry inquiry, Instant now, bool urgent)
    {
        var repeated = !urgent && inquiry is CallMissed { Voicemail: null } call
            && lead.Inquiries.Any(earlier => earlier.Id != call.Inquiry && earlier.Kind == "missed_call"
                && call.OccurredAt - earlier.At < RepeatCallSilence && lead.Alerts.Any(alert => alert.Inquiry == earlier.Id));
        return new GateCheck("repeat", !repeated, repeated ? ReasonCodes.DuplicateEvent : null,
            repeated ? "the owner was alerted of the same caller minutes ago; the task counts the calls" : "news for the owner");
    }

    private static void OpenOrRefreshTask(
        LeadSession session, IInquiry inquiry, GateOutcome acknowledgement, IReadOnlyList<string> urgent)
    {
        var lead = session.Lead;
        var kind = TaskKindOf(lead, inquiry, acknowledgement);
        var note = string.Join(' ', new[] { NoteOf(lead, inquiry, urgent), LateNote(inquiry) }.OfType<string>()) is { Length: > 0 } text ? text : null;
        if (lead.HasOpenTask && lead.Task!.Kind == "check" && kind != "check")
        {
            session.Record(new TaskCancelled(lead.Task.Id, "a later inquiry needs a callback", "system"));
            lead = session.Lead;
        }

        if (lead.HasOpenTask)
        {
            session.Record(new TaskRefreshed
            {
                Task = lead.Task!.Id,
                Inquiry = inquiry.Inquiry,
                Count = lead.Task.InquiryCount + 1,
                Priority = kind == "check" ? lead.Task.Priority : "high",
                Note = note,
            });
            return;
        }

        session.Record(new TaskOpened
        {
            Task = session.Now.NewId(),
            TaskKind = kind,
            Inquiry = inquiry.Inquiry,
            Owner = lead.Owner,
            Queue = lead.Owner is null ? lead.Queue ?? RouteLead.Triage : null,
            DueAt = session.Business.Calendar.AddOpenTime(session.Now, session.Business.Tasks.DueIn),
            Number = AcknowledgementGates.NumberOf(inquiry)?.E164 ?? lead.Phone,
            CalledAt = Leads.Inquiry.Of(inquiry).At,
            Priority = urgent.Count > 0 || lead.PriorLead is not null ? "high" : "normal",
            Note = note,
            Candidates = lead.Kind == LeadKind.NumberLevel ? inquiry.Match.Others : [],
        });
    }

    private static string TaskKindOf(Lead lead, IInquiry inquiry, GateOutcome acknowledgement) => lead.Kind switch
    {
        LeadKind.NumberLevel => "pick",
        LeadKind.Unidentified => "voicemail_review",
        _ when !SpamOf(acknowledgement).Passed => "check",
        _ when inquiry is CallMissed { Caller: null } => "voicemail_review",
        _ => "callback",
    };

    private static string? NoteOf(Lead lead, IInquiry inquiry, IReadOnlyList<string> urgent)
    {
        if (urgent.Count > 0)
        {
            return $"Urgent words: {string.Join(", ", urgent)}. Read it now.";
        }

        return lead.Kind switch
        {
            LeadKind.Unidentified => "No callback number: the caller withheld it. Listen to the voicemail, if there is one.",
            LeadKind.NumberLevel => "Several people share this number. Pick who it was.",
            _ when inquiry is CallMissed { Caller: null } => "No callback number: the caller id is no phone number.",
            _ when inquiry.Match.Outcome == MatchOutcomes.PriorCustomer => "Prior customer.",
            _ => null,
        };
    }

    private static string? LateNote(IInquiry inquiry) => inquiry is CallMissed { FoundBy: not null } or SmsReceived { FoundBy: not null }
        ? "Found late in the provider's list: its own report never came. Look at the time before you call."
        : null;

    private static string? TextOf(IInquiry inquiry) => inquiry switch
    {
        FormSubmitted e => $"{e.Message} {e.Service}",
        SmsReceived e => e.Body,
        _ => null,
    };
}
