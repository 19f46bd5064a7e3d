using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Hosting;
using LeadLedger.Leads;
using LeadLedger.Sending;

namespace LeadLedger.Calls;

/// <summary>Judges a call on what is known when its last callback has not come in time.</summary>
public sealed class SettleCallHandler(OutboxWork work, BusinessDirectory businesses, ServiceAddress address) : IOutboxHandler
{
    public IReadOnlyCollection<string> Kinds { get; } = [WorkKinds.SettleCall];

    public async Task HandleAsync(OutboxItem item, CancellationToken cancellation)
    {
        var body = JsonSerializer.Deserialize(item.Body, LedgerJsonContext.Default.SettleCall)!;
        if (businesses.Find(item.Tenant) is { } business)
        {
            await work.CommitAsync(item, OutboxStates.Claimed, [], unit =>
            {
                unit.Change(OutboxWork.To(item, OutboxStates.Done));
                var call = unit.State<CallRecord>(new StreamKey(item.Tenant, item.StreamId!.Value))!;
                return call.Outcome is null
                    ? RecordCall.Apply(
                        unit, business, body.Provider, body.CallSid, new CallWaitEnded { CallSid = body.CallSid }, address.Links, business.TestMode)
                    : new CallAnswer(call.Outcome, call.Lead, call.Inquiry);
            });
        }
    }

    public Task AbandonedAsync(OutboxItem item, CancellationToken cancellation) => Task.CompletedTask;
}
