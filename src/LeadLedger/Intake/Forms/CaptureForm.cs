using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Writing;
using LeadLedger.Intake.Webhooks;
using LeadLedger.Leads;
using LeadLedger.Matching;
using LeadLedger.PhoneNumbers;
using NodaTime;

namespace LeadLedger.Intake;

/// <summary>Takes a form submission in as an inquiry.</summary>
public static class CaptureForm
{
    /// <summary>Without an id of its own, the same content within this time is the same submission (ING-37).</summary>
    private static readonly Duration SameContent = Duration.FromMinutes(10);

    /// <param name="business">Whose form it is.</param>
    /// <param name="form">The form.</param>
    /// <param name="submission">What was read.</param>
    /// <param name="ip">The sender's address, where the form keeps network evidence.</param>
    /// <param name="now">Now.</param>
    /// <param name="links">Addresses for staff.</param>
    public static DeliveryRequest Request(
        Business business, Form form, FormSubmission submission, string? ip, Instant now, StaffLinks links)
    {
        var phone = PhoneNumber.TryParse(submission.PhoneRaw, business.Region, out var number, out _) ? number : null;
        var email = EmailAddress.Read(submission.EmailRaw);
        var usable = phone is { IsPossible: true };
        var identity = new Identity(usable ? phone!.E164 : null, email?.Key, false, submission.Name, false);
        return new DeliveryRequest(unit =>
        {
            if (Repeated(unit, business, form, submission, identity) is { } earlier)
            {
                return (WebhookAnswers.Json(earlier), earlier.LeadId);
            }

            var inquiry = unit.Now.NewId();
            var (lead, match) = CaptureInquiry.Into(
                unit, business, identity, new InquiryContext(null, false, form, links), inquiry,
                found => Fact(business, form, submission, inquiry, phone, usable, email, ip, now, found));
            return (WebhookAnswers.Json(new WebhookAnswer("accepted", lead.Id, inquiry, match)), lead.Id);
        })
        {
            Gates = [.. CaptureInquiry.Gates(business, identity), .. WorkInquiry.ExtraGates(business, now)],
        };
    }

    /// <summary>The key that makes a replay recognisable: the sender's id, or the content within its ten minutes.</summary>
    public static string KeyOf(FormSubmission submission, Instant now) => submission.SubmissionIdIsHash
        ? $"content:{submission.ContentHash}:{now.ToUnixTimeSeconds() / (long)SameContent.TotalSeconds}"
        : submission.SubmissionId;

    // Two posts of the same content on either side of a ten-minute mark have different keys; the lead remembers.
    private static WebhookAnswer? Repeated(
        WriteUnit unit, Business business, Form form, FormSubmission submission, Identity identity)
    {
        if (!submission.SubmissionIdIsHash)
        {
            return null;
        }

        foreach (var gate in CaptureInquiry.Gates(business, identity))
        {
            foreach (var lead in CaptureInquiry.LeadsOn(unit, business, gate))
            {
                if (lead.Inquiries.FirstOrDefault(i => i.FormId == form.Id && i.SubmissionId == submission.SubmissionId
                    && unit.Now - lead.LastInquiryAt < SameContent) is { } same)
                {
                    return new WebhookAnswer("accepted", lead.Id, same.Id, null);
                }
            }
        }

        return null;
    }

    private static FormSubmitted Fact(
        Business business,
        Form form,
        FormSubmission submission,
        Guid inquiry,
        PhoneNumber? phone,
        bool usable,
        EmailAddress? email,
        string? ip,
        Instant now,
        Match match)
    {
        var occurred = submission.SubmittedAt?.Instant is { } at && at < now ? at : now;
        return new FormSubmitted
        {
            Inquiry = inquiry,
            FormId = submission.FormId,
            FormVersion = submission.FormVersion,
            FormLabel = form.Label,
            SubmissionId = submission.SubmissionId,
            Name = submission.Name,
            Phone = phone?.E164,
            PhoneRaw = submission.PhoneRaw,
            PhoneExtension = phone?.Extension,
            PhoneUsable = usable,
            Email = email?.Address ?? submission.EmailRaw,
            EmailKey = email?.Key,
            Company = submission.Company,
            Role = submission.Role,
            Message = submission.Message,
            Service = submission.Service,
            Budget = submission.Budget,
            Deadline = submission.Deadline,
            WidgetId = submission.WidgetId,
            Attribution = new Attribution
            {
                SourceUrl = submission.SourceUrl,
                LandingUrl = submission.LandingUrl,
                Referrer = submission.Referrer,
                UtmSource = submission.Campaign.Source,
                UtmMedium = submission.Campaign.Medium,
                UtmCampaign = submission.Campaign.Name,
                UtmTerm = submission.Campaign.Term,
                UtmContent = submission.Campaign.Content,
                Gclid = submission.Campaign.Gclid,
                Fbclid = submission.Campaign.Fbclid,
                Device = submission.Device,
            },
            Consent = submission.Consent is not { } consent ? null : new Leads.ConsentEvidence
            {
                FormId = submission.FormId,
                FormVersion = submission.FormVersion,
                Text = consent.Text,
                TextHash = consent.TextHash,
                CheckboxState = consent.Raw,
                Given = consent.Ticked,
                Purposes = consent.Purposes,
                PrivacyPolicyHash = consent.PrivacyPolicyHash,
                SourceUrl = submission.SourceUrl,
                CapturedAt = occurred,
                Ip = form.CaptureNetworkEvidence ? ip : null,
                UserAgent = form.CaptureNetworkEvidence ? submission.UserAgent : null,
            },
            Extra = submission.Extra.Count == 0
                ? null
                : submission.Extra.GroupBy(pair => pair.Key, StringComparer.Ordinal)
                    .ToDictionary(group => group.Key, group => string.Join(", ", group.Select(pair => pair.Value)), StringComparer.Ordinal),
            SubmittedAtText = submission.SubmittedAt?.Text,
            SubmittedAtOffsetMissing = submission.SubmittedAt is { OffsetKnown: false },
            OccurredAt = occurred,
            Match = match,
            TestMode = form.TestMode || business.TestMode,
        };
    }
}
