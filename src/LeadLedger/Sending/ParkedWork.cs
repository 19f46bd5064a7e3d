using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Writing;
using LeadLedger.Leads;
using NodaTime;

namespace LeadLedger.Sending;

/// <summary>Notes on the lead's open task that something was given up, so that whoever works the task knows (RTY-07).</summary>
public sealed partial class ParkedWork(LedgerWriter writer, BusinessDirectory businesses, IClock clock, ILogger<ParkedWork> log) : IParkedWork
{
    public async Task ParkedAsync(OutboxItem item, string error)
    {
        if (item.StreamId is not { } stream || businesses.Find(item.Tenant) is not { } business)
        {
            return;
        }

        var key = new StreamKey(item.Tenant, stream);
        try
        {
            await writer.WriteAsync(new WriteRequest<bool>(unit =>
            {
                if (unit.TypeOf(key) == LeadStreams.Lead)
                {
                    new LeadSession(unit, business, stream).About(AboutOf(item)).NoteOnTask($"{What(item.Kind)} was given up after {item.Attempts} attempts. See the dead letters.");
                }

                return true;
            })
            {
                Now = clock.GetCurrentInstant(),
                Actor = "system",
                CausationId = $"outbox:{item.Id}",
                Streams = [key],
            });
        }
        catch (Exception exception) when (exception is LedgerUnavailableException or LedgerBusyException or DecisionFailedException)
        {
            // The row itself is parked, listed and raises an alarm; only the note on the task is missing.
            LogNotNoted(log, item.Id, exception);
        }
    }

    // The text or inquiry it was about may belong to another lead since a merge was undone; a body that cannot be read names none.
    private static Guid AboutOf(OutboxItem item)
    {
        try
        {
            return item.Kind switch
            {
                WorkKinds.SendSms => JsonSerializer.Deserialize(item.Body, LedgerJsonContext.Default.SendSms)!.Message,
                WorkKinds.ReconsiderInquiry => JsonSerializer.Deserialize(item.Body, LedgerJsonContext.Default.ReconsiderInquiry)!.Inquiry,
                _ => Guid.Empty,
            };
        }
        catch (JsonException)
        {
            return Guid.Empty;
        }
    }

    private static string What(string kind) => kind switch
    {
        WorkKinds.SendSms => "The text to the customer",
        WorkKinds.AlertBySms or WorkKinds.AlertByEmail or WorkKinds.AlertByChannel => "An alert to the team",
        WorkKinds.MirrorLead => "The update of the CRM",
        WorkKinds.EscalateTask => "A reminder",
        WorkKinds.ReconsiderInquiry => "The text that waited for its hour",
        _ => $"Work of kind {kind}",
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "That work {Id} was given up could not be noted on the task")]
    private static partial void LogNotNoted(ILogger logger, Guid id, Exception exception);
}
