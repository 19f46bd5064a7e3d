using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Merging;
using LeadLedger.Sending;
using NodaTime;

namespace LeadLedger.Leads;

/// <summary>
/// Which work each fact sets in motion. No rules here, only wiring: every instant and address was decided
/// before and stands in the fact, so that each side effect can be explained from the history.
/// </summary>
public static class LeadReactions
{
    private static readonly LedgerJsonContext Json = LedgerJsonContext.Default;

    public static IEnumerable<OutboxMessage> To(Lead lead, RecordedEvent recorded, Business business)
    {
        switch (recorded.Data)
        {
            case SmsRequested e:
                yield return Work(
                    WorkKinds.SendSms, EffectOf(lead, e), $"sms:{e.To}", recorded.Timestamp, e.NotAfter,
                    new SendSms(e.Message, e.Purpose, e.To, e.From, e.Body, lead.Inquiries.FirstOrDefault(i => i.Id == e.Inquiry)?.FormId), Json.SendSms, SendingScopes.Text(e.From));
                break;
            case OwnerAlertRequested e:
                foreach (var channel in e.Channels)
                {
                    yield return Alert(e, channel, recorded.Timestamp);
                }

                break;
            case DecisionMade { SendAfter: { } at } e:
                yield return Work(
                    WorkKinds.ReconsiderInquiry, $"reconsider:{e.Decision:N}", null, at, null,
                    new ReconsiderInquiry(e.Inquiry, e.Purpose), Json.ReconsiderInquiry);
                break;
            case TaskOpened e when business.Tasks.Ladder.Count > 0:
                yield return Rung(business, e.Task, recorded.Timestamp, business.Tasks.Ladder[0]);
                break;
            case LeadSeparated { Task: { } task }:
                foreach (var rung in NextRung(business, lead))
                {
                    yield return Rung(business, task, lead.Task!.OpenedAt, rung);
                }

                break;
            case LeadRestored { Task: { } task }:
                foreach (var rung in NextRung(business, lead))
                {
                    yield return Rung(business, task, lead.Task!.OpenedAt, rung);
                }

                break;
            case FormSubmitted { Name: { } name } e when e.Match.Outcome != MatchOutcomes.Attached:
                yield return Work(
                    WorkKinds.SuggestMerges, $"suggest:{lead.Id:N}:{e.Inquiry:N}", null, recorded.Timestamp, null,
                    new SuggestMerges(name), Json.SuggestMerges);
                break;
            default:
                break;
        }

        if (MattersToCrm(recorded.Data))
        {
            foreach (var target in business.Crm)
            {
                yield return Work(
                    WorkKinds.MirrorLead, $"crm:{target.Name}:{lead.Id:N}:{recorded.Version}", $"crm:{target.Name}:{lead.Id:N}",
                    recorded.Timestamp, null, new MirrorLead(target.Name, recorded.Version), Json.MirrorLead, SendingScopes.Crm(target.Name));
            }
        }
    }

    /// <summary>The wake-up for a rung of the ladder, in opening hours of the business.</summary>
    public static OutboxMessage Rung(Business business, Guid task, Instant openedAt, Rung rung) =>
        Work(
            WorkKinds.EscalateTask, $"escalate:{task:N}:{rung.Name}", null,
            business.Calendar.AddOpenTime(openedAt, rung.After), null, new EscalateTask(task, rung.Name), Json.EscalateTask);

    // A task that goes on under a new id climbs on from where it was.
    private static IEnumerable<Rung> NextRung(Business business, Lead lead) =>
        business.Tasks.Ladder.Skip(1 + business.Tasks.Ladder.Select(rung => rung.Name).ToList().IndexOf(lead.Task?.Rung ?? "")).Take(1);

    // One text for an inquiry and a purpose, ever; one more for each that a person has had sent again (RTY-11).
    private static string EffectOf(Lead lead, SmsRequested e) =>
        e.Replaces is { } replaced ? $"sms:{lead.Id:N}:{e.Inquiry:N}:{e.Purpose}:after:{replaced:N}" : $"sms:{lead.Id:N}:{e.Inquiry:N}:{e.Purpose}";

    private static OutboxMessage Alert(OwnerAlertRequested e, string channel, Instant at)
    {
        var (kind, to, from, body, scope) = channel switch
        {
            "sms" => (WorkKinds.AlertBySms, e.SmsTo!, e.SmsFrom, e.SmsBody, SendingScopes.AlertBySms(e.SmsFrom)),
            "email" => (WorkKinds.AlertByEmail, e.EmailTo!, null, e.EmailBody, SendingScopes.AlertByEmail),
            _ => (WorkKinds.AlertByChannel, e.Recipient, null, e.EmailBody, SendingScopes.AlertByChannel),
        };
        return Work(
            kind, $"alert:{e.Alert:N}:{channel}", null, at, null,
            new SendAlert(e.Alert, channel, to, from, e.Subject, body, e.Recipient), Json.SendAlert, scope);
    }

    // What a mirror shows: the person, the inquiry, the route and the task. Delivery details stay here.
    private static bool MattersToCrm(object fact) => fact is TaskOpened or TaskRefreshed or TaskClaimed or TaskReassigned
        or TaskCompleted or TaskCancelled or LeadAbsorbed or LeadSeparated or LeadRestored or OptedOut or OptedIn;

    private static OutboxMessage Work<T>(
        string kind, string effectKey, string? lane, Instant due, Instant? notAfter, T body, JsonTypeInfo<T> json,
        string? scope = null) => new()
        {
            Kind = kind,
            EffectKey = effectKey,
            Lane = lane,
            Scope = scope,
            DueAt = due,
            NotAfter = notAfter,
            Body = JsonSerializer.SerializeToUtf8Bytes(body, json),
        };
}
