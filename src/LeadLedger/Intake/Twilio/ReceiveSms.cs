using LeadLedger.Businesses;
using LeadLedger.Contacting;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Writing;
using LeadLedger.Intake.Webhooks;
using LeadLedger.Leads;
using LeadLedger.Matching;
using LeadLedger.Messaging;
using LeadLedger.PhoneNumbers;
using LeadLedger.Reconciling;
using NodaTime;

namespace LeadLedger.Intake.Twilio;

/// <summary>
/// A text from a person: an opt-out first, then an inquiry. The opt-out is recorded on every lead of the number in the transaction
/// that receives it, so that nothing can be sent after it (CON-13).
/// </summary>
public static class ReceiveSms
{
    private const int LongestBody = 1600;
    private static readonly Duration ConfirmWithin = Duration.FromMinutes(5);

    public static DeliveryRequest Request(Business business, TwilioMessage message, Instant now, StaffLinks links)
    {
        var identity = Calls.RecordCall.IdentityOf(message.From, null, business);
        return new DeliveryRequest(unit => Decide(unit, business, message, identity, now, links))
        {
            Gates = [.. CaptureInquiry.Gates(business, identity), .. WorkInquiry.ExtraGates(business, now)],
        };
    }

    private static (string?, Guid?) Decide(
        WriteUnit unit, Business business, TwilioMessage message, Identity identity, Instant now, StaffLinks links)
    {
        var reading = OptOutWords.Read(message.Body, message.OptOutType, Locales(business));
        var (line, lineNumber) = Calls.RecordCall.LineOf(business, message.To);
        var context = new InquiryContext(line, line is null && message.To is not null, null, links);
        var point = identity.Phone is { } phone ? (ContactPoint)unit.Gate(WorkInquiry.PhoneKey(business, phone)).State : ContactPoint.Empty;
        var inquiry = now.NewId();
        SmsReceived Fact(Match match, bool asks) => new()
        {
            Inquiry = inquiry,
            MessageSid = message.MessageSid!,
            From = identity.Phone,
            FromRaw = message.From,
            Line = lineNumber,
            Body = SafeText.Cut(SafeText.Clean(message.Body), LongestBody),
            Media = message.Media.Count,
            OptOutType = message.OptOutType,
            AsksForAttention = asks,
            OccurredAt = now,
            Match = match,
            TestMode = business.TestMode,
            FoundBy = Reconciliation.FoundByOf(unit.Actor),
        };

        // YES lifts nothing while the number is suppressed; otherwise it is an answer like any other (C-09).
        var kind = reading is { Kind: OptOutKind.Start, Word: "YES" } || identity.Phone is null ? OptOutKind.None : reading.Kind;
        if (kind is OptOutKind.Stop || (kind is OptOutKind.Start && point.SuppressedSince is not null))
        {
            var session = OnAnyLead(unit, business, identity, match => Fact(match, false));
            ChangeSuppression(session, identity.Phone!, reading);
            return Answer("accepted", session.Lead.Id, inquiry, null);
        }

        var known = CaptureInquiry.LeadsOn(unit, business, identity.Phone is { } number ? WorkInquiry.PhoneKey(business, number) : null);
        if (kind is OptOutKind.HeldPhrase && identity.Phone is { } held)
        {
            var session = OnAnyLead(unit, business, identity, match => Fact(match, true));
            session.Record(new OptOutPhraseHeld(ContactPoint.Phone, held, reading.Word ?? ""));
            WorkInquiry.Decide(session, (SmsReceived)LastFact(unit, session), context);
            return Answer("accepted", session.Lead.Id, inquiry, null);
        }

        var (lead, found) = CaptureInquiry.Into(unit, business, identity, context, inquiry, match => Fact(match, true));
        if (found.Outcome == MatchOutcomes.Attached && known.Any(k => k.Id == lead.Id && k.AcknowledgedAt is not null))
        {
            // A reply to our text may correct the record; it is shown, never written over a value (ACK-19).
            new LeadSession(unit, business, lead.Id).Record(new CorrectionOffered(inquiry, SafeText.Cut(SafeText.Clean(message.Body), LongestBody)));
        }

        return Answer("accepted", lead.Id, inquiry, found);
    }

    // An opt-out belongs to the number, not to one person on it: it goes on the most recent lead, or opens a record of its own.
    private static LeadSession OnAnyLead(WriteUnit unit, Business business, Identity identity, Func<Match, SmsReceived> fact)
    {
        var known = CaptureInquiry.LeadsOn(unit, business, WorkInquiry.PhoneKey(business, identity.Phone!))
            .FirstOrDefault(lead => lead.MergedInto is null);
        var session = new LeadSession(unit, business, known?.Id ?? unit.Now.NewId());
        var match = known is null
            ? new Match(MatchOutcomes.New, [], "nothing_agrees", business.Matching.Version, [])
            : new Match(MatchOutcomes.Attached, [$"phone:{identity.Phone}"], "number_of_opt_out", business.Matching.Version, []);
        session.Record(fact(match));
        return session;
    }

    private static void ChangeSuppression(LeadSession session, string phone, OptOutReading reading)
    {
        var business = session.Business;
        var others = CaptureInquiry.LeadsOn(session.Unit, business, WorkInquiry.PhoneKey(business, phone))
            .Where(lead => lead.MergedInto is null)
            .Select(lead => new LeadSession(session.Unit, business, lead.Id))
            .ToArray();
        foreach (var lead in others)
        {
            lead.Record(reading.Kind == OptOutKind.Stop
                ? new OptedOut { Kind = ContactPoint.Phone, Value = phone, Word = reading.Word ?? "STOP", Via = "sms", ProviderReplied = reading.ProviderReplied }
                : new OptedIn { Kind = ContactPoint.Phone, Value = phone, Word = reading.Word ?? "START", Via = "sms" });
        }

        if (reading.Kind != OptOutKind.Stop)
        {
            return;
        }

        // A confirmation belongs within minutes of the opt-out; one that was found late is not confirmed.
        if (!reading.ProviderReplied && session.Now - session.Lead.Inquiries[0].At <= ConfirmWithin)
        {
            ConfirmOptOut(session, phone, reading);
        }

        if (reading.AmbiguousAppointment)
        {
            AskWhatWasMeant(session, phone, reading);
        }
    }

    // The one confirmation that is allowed, and only where the provider has not sent its own (contracts 2.2).
    private static void ConfirmOptOut(LeadSession session, string phone, OptOutReading reading)
    {
        var business = session.Business;
        var id = ShippedTemplates.IdIn(
            reading.AmbiguousAppointment ? "opt-out-confirmation-appointment" : "opt-out-confirmation", business.Locale);
        if (!business.Templates.TryGetValue(id, out var template) || !template.Enabled)
        {
            return;
        }

        var line = session.Lead.Line is { } number ? business.Lines.FirstOrDefault(l => l.Number.E164 == number) : null;
        var text = TemplateRenderer.Render(template, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["business_name"] = business.Name,
            ["number"] = (line ?? business.Lines[0]).Number.Format(PhoneNumberFormat.National),
            ["urgent_route"] = business.UrgentRoute,
        });
        var inquiry = session.Lead.Inquiries[0].Id;
        var decision = session.Now.NewId();
        session.Record(new DecisionMade
        {
            Decision = decision,
            Inquiry = inquiry,
            Purpose = Purposes.OptOutConfirmation,
            Outcome = "permitted",
            Codes = [ReasonCodes.Permitted],
            Gates = [new GateCheck("opt_out", true, null, $"one confirmation of {reading.Word}; the provider sent none")],
            PolicyVersion = business.PolicyVersion,
            Basis = "inquiry_reply",
            Template = template.Id,
            TemplateVersion = template.Version,
        });
        session.Record(new SmsRequested
        {
            Message = session.Now.NewId(),
            Inquiry = inquiry,
            Decision = decision,
            Purpose = Purposes.OptOutConfirmation,
            To = phone,
            From = (line ?? business.Lines[0]).Number.E164,
            Body = text.Body,
            Template = template.Id,
            TemplateVersion = template.Version,
            TemplateReason = "confirmation of an opt-out",
            Class = TemplateClasses.Name(template.Class),
            Segments = text.Length.Segments,
            Encoding = text.Length.Encoding == SmsEncoding.Gsm7 ? "GSM-7" : "UCS-2",
            PermittedAt = session.Now,
            NotAfter = session.Now + ConfirmWithin,
        });
    }

    private static void AskWhatWasMeant(LeadSession session, string phone, OptOutReading reading)
    {
        var note = $"{reading.Word} stopped all texts to this number. Ask whether an appointment was meant.";
        var inquiry = session.Lead.Inquiries[0].Id;
        if (session.Lead.HasOpenTask)
        {
            session.NoteOnTask(note, "high");
            return;
        }

        session.Record(new TaskOpened
        {
            Task = session.Now.NewId(),
            TaskKind = "check",
            Inquiry = inquiry,
            Owner = session.Lead.Owner ?? session.Business.StaffOf(session.Business.DefaultOwner)?.Id,
            Queue = session.Lead.Owner is null && session.Business.DefaultOwner is null ? Routing.RouteLead.Triage : null,
            DueAt = session.Business.Calendar.AddOpenTime(session.Now, session.Business.Tasks.DueIn),
            Number = phone,
            Priority = "normal",
            Note = note,
        });
    }

    private static object LastFact(WriteUnit unit, LeadSession session) =>
        unit.Recorded(session.Key).Select(recorded => recorded.Data).OfType<SmsReceived>().Last();

    private static string[] Locales(Business business) => [business.Locale, "en", "es", "fr"];

    private static (string?, Guid?) Answer(string outcome, Guid lead, Guid inquiry, Match? match) =>
        (WebhookAnswers.Json(new WebhookAnswer(outcome, lead, inquiry, match)), lead);
}
