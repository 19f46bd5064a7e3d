using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.Contacting;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Hosting;
using LeadLedger.Leads;
using LeadLedger.Merging;

namespace LeadLedger.Sending;

/// <summary>Decides a deferred inquiry again when its time has come. It is decided, not flushed: the world may have changed (CON-09).</summary>
public sealed class ReconsiderInquiryHandler(
    OutboxWork work, Ledger ledger, BusinessDirectory businesses, ServiceAddress address) : IOutboxHandler
{
    public IReadOnlyCollection<string> Kinds { get; } = [WorkKinds.ReconsiderInquiry];

    public async Task HandleAsync(OutboxItem item, CancellationToken cancellation)
    {
        var body = JsonSerializer.Deserialize(item.Body, LedgerJsonContext.Default.ReconsiderInquiry)!;
        if (businesses.Find(item.Tenant) is not { } business)
        {
            return;
        }

        var inquiry = await InquiryFacts.FindAsync(ledger, new StreamKey(item.Tenant, item.StreamId!.Value), body.Inquiry, cancellation);
        GateKey[] gates = inquiry is not null && AcknowledgementGates.NumberOf(inquiry) is { } number
            ? [WorkInquiry.PhoneKey(business, number.E164), .. WorkInquiry.ExtraGates(business, work.Now)]
            : [];
        await work.CommitAsync(item, OutboxStates.Claimed, gates, unit =>
        {
            var session = new LeadSession(unit, business, item.StreamId!.Value).About(body.Inquiry);
            if (inquiry is not null && MayStillMatter(session.Lead, body))
            {
                DecideAgain(session, inquiry, address.Links);
            }

            unit.Change(OutboxWork.To(item, OutboxStates.Done));
            return session.Lead;
        });
    }

    public Task AbandonedAsync(OutboxItem item, CancellationToken cancellation) => Task.CompletedTask;

    // A text already asked for, or a lead that went into another one, needs no second decision.
    private static bool MayStillMatter(Lead lead, ReconsiderInquiry body) =>
        lead.MergedInto is null && !lead.Messages.Any(message => message.Inquiry == body.Inquiry && message.Purpose == body.Purpose);

    private static void DecideAgain(LeadSession session, IInquiry inquiry, StaffLinks links)
    {
        var earlier = session.Lead.Decisions.FirstOrDefault(d =>
            d.Inquiry == inquiry.Inquiry && d.Purpose == Purposes.Acknowledgement);
        WorkInquiry.Acknowledge(session, inquiry, InquiryContext.Again(session.Business, inquiry, links), earlier?.Id);
    }
}
