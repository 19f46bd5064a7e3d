using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.Contacting;
using LeadLedger.DeadLetters;
using LeadLedger.EventStore;
using LeadLedger.Hosting;
using LeadLedger.Leads;
using LeadLedger.Sending;
using NodaTime;

namespace LeadLedger.Staff.Frame;

/// <summary>The text that a press of "send again" would send.</summary>
/// <param name="Business">The business.</param>
/// <param name="Lead">The lead it goes to.</param>
/// <param name="To">E.164.</param>
/// <param name="From">E.164; the line it goes out on.</param>
/// <param name="Body">Every letter of it.</param>
/// <param name="Segments">What the provider counts.</param>
/// <param name="Earlier">The text that it replaces.</param>
public sealed record SendAgainText(Business Business, Guid Lead, string To, string From, string Body, int Segments, string Earlier)
{
    /// <summary>Says whether what a person saw is what would be sent now.</summary>
    public string Seen => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{To}\n{From}\n{Body}")));
}

/// <summary>
/// Writes the text of a "send again" as the command will write it. Nothing is decided here: the press passes every gate by itself.
/// </summary>
public sealed class SendAgainPreview(DeadLetterWork work, Ledger ledger, ServiceAddress address, IClock clock)
{
    /// <returns>The text, or a sentence about why there is none.</returns>
    public async Task<(SendAgainText? Text, string? Why)> OfAsync(HttpContext http, string id)
    {
        var scope = ApiScope.Of(http);
        if (await work.FindAsync(scope.Tenants, id, http.RequestAborted) is not { Kind: WorkKinds.SendSms, Stream: { } stream } place)
        {
            return (null, "There is no such text among the work, or you do not see it.");
        }

        var text = JsonSerializer.Deserialize(place.Body, LedgerJsonContext.Default.SendSms)!;
        var key = new StreamKey(place.Tenant, stream);
        var events = await ledger.FetchAsync(key, cancellation: http.RequestAborted);
        var requested = events.Select(e => e.Data).OfType<SmsRequested>().FirstOrDefault(e => e.Message == text.Message);
        var inquiry = events.Select(e => e.Data).OfType<IInquiry>().FirstOrDefault(e => e.Inquiry == requested?.Inquiry);
        var lead = await ledger.LoadAsync(LeadStreams.Lead, key, http.RequestAborted);
        if (inquiry is null || lead is null || text.Purpose != Purposes.Acknowledgement)
        {
            return (null, "Only the first answer to an inquiry can be sent again. Call, or discard it.");
        }

        var business = scope.Find(place.Tenant)!;
        if (AcknowledgementGates.NumberOf(inquiry) is not { } number)
        {
            return (null, "The inquiry has no number that could be texted. Call, or discard it.");
        }

        var line = InquiryContext.Again(business, inquiry, address.Links).Line;
        var (template, _) = AcknowledgementText.Choose(business, lead, inquiry);
        var rendered = AcknowledgementText.Render(template, business, lead, inquiry, line, clock.GetCurrentInstant());
        return rendered.Sendable
            ? (new SendAgainText(
                business, stream, number.E164, (line ?? business.Lines[0]).Number.E164, rendered.Body, rendered.Length.Segments, text.Body), null)
            : (null, $"The text has no value for {string.Join(", ", rendered.Missing)}, so it cannot be sent. Call, or mend the template in the business file.");
    }
}
