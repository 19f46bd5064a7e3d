using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Writing;
using LeadLedger.Leads;
using LeadLedger.Staff.Accounts;

namespace LeadLedger.Sending;

/// <summary>
/// Tells staff over one channel. A text whose fate is unknown is not repeated; mail takes over instead, so that a lead is
/// never lost to a broken phone provider (OWN-03).
/// </summary>
public sealed class AlertHandler(
    OutboxWork work, ISmsSender sms, IEmailSender email, TeamChannel channel, BusinessDirectory businesses, LeadLinks links) : IOutboxHandler
{
    private const int ValiditySeconds = 4 * 3600;

    public IReadOnlyCollection<string> Kinds { get; } =
        [WorkKinds.AlertBySms, WorkKinds.AlertByEmail, WorkKinds.AlertByChannel];

    public async Task HandleAsync(OutboxItem item, CancellationToken cancellation)
    {
        var alert = JsonSerializer.Deserialize(item.Body, LedgerJsonContext.Default.SendAlert)!;
        if (businesses.Find(item.Tenant) is not { } business)
        {
            return;
        }

        // The ledger keeps the plain address; only what leaves opens the lead without signing in. Read before the mark, so that nothing can
        // fail between the mark and the call.
        var signed = alert with { Body = await links.SignedAsync(alert.Body, business, item.StreamId!.Value, alert.Recipient, cancellation) };
        var mark = await work.CommitAsync(item, OutboxStates.Claimed, [], unit =>
        {
            unit.Change(OutboxWork.To(item, OutboxStates.Calling));
            unit.Record(new OutboxAttempt(item.Id, item.Tenant, item.Fence, "mark", TokenOf(item), "calling", null));
            return new LeadSession(unit, business, item.StreamId!.Value).Lead;
        });
        if (mark is null)
        {
            return;
        }

        var result = mark.TestMode || business.TestMode
            ? new SendResult.Accepted($"test-{alert.Alert:N}") { RecordedOnly = true }
            : await SendAsync(item, signed, business, cancellation);
        await work.ConcludeAsync(item, OutboxStates.Calling, [], unit => Conclude(unit, item, alert, business, result));
    }

    public Task AbandonedAsync(OutboxItem item, CancellationToken cancellation)
    {
        var alert = JsonSerializer.Deserialize(item.Body, LedgerJsonContext.Default.SendAlert)!;
        return businesses.Find(item.Tenant) is { } business
            ? work.CommitAsync(item, OutboxStates.Calling, [], unit => Conclude(unit, item, alert, business,
                new SendResult.Unknown("whether the alert was handed over was not recorded: the service stopped, or the ledger was restored")))
            : Task.CompletedTask;
    }

    private Task<SendResult> SendAsync(OutboxItem item, SendAlert alert, Business business, CancellationToken cancellation) =>
        item.Kind switch
        {
            WorkKinds.AlertBySms => sms.SendAsync(
                business,
                new SmsMessage(alert.To, alert.From!, alert.Body, $"/api/webhooks/twilio/sms/status/{TokenOf(item)}", ValiditySeconds),
                cancellation),
            WorkKinds.AlertByEmail => email.SendAsync(
                new EmailMessage(alert.To, alert.Subject, alert.Body, $"{item.Id:N}@leadledger"), cancellation),
            _ => channel.PostAsync(business, alert, cancellation),
        };

    private static Lead Conclude(WriteUnit unit, OutboxItem item, SendAlert alert, Business business, SendResult result)
    {
        var session = new LeadSession(unit, business, item.StreamId!.Value).About(alert.Alert);
        var (state, due, error, provider) = Outcome(item, result, session.Now);
        if (result is SendResult.Accepted accepted)
        {
            session.Record(new OwnerAlertSent(alert.Alert, alert.Channel, accepted.ProviderId));
        }
        else
        {
            session.Record(new OwnerAlertFailed(alert.Alert, alert.Channel, error!));
            if (item.Attempts == 1)
            {
                FallBackToMail(session, alert);
            }
        }

        unit.Change(OutboxWork.To(item, state, due, error, provider));
        unit.Record(new OutboxAttempt(item.Id, item.Tenant, item.Fence, "outcome", null, state, error));
        return session.Lead;
    }

    // Unguessable enough for its purpose: the callback is signed, the token only says which attempt it is about.
    private static string TokenOf(OutboxItem item) => $"{item.Id:N}-{item.Fence}";

    private static (string State, NodaTime.Instant? Due, string? Error, string? Provider) Outcome(
        OutboxItem item, SendResult result, NodaTime.Instant now) => result switch
        {
            SendResult.Accepted accepted => (OutboxStates.Done, null, null, accepted.ProviderId),
            SendResult.Refused refused => (OutboxStates.Parked, null, refused.Error, null),
            SendResult.NotSent notSent => OutboxWork.NextAttempt(item, now) is { } at
                ? (OutboxStates.Pending, at, notSent.Error, null)
                : (OutboxStates.Parked, null, notSent.Error, null),
            SendResult.Unknown unknown => (OutboxStates.Ambiguous, null, unknown.Error, null),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    /// <summary>Mail takes over at the first failure of a text; the text itself goes on being tried.</summary>
    public static void FallBackToMail(LeadSession session, SendAlert alert)
    {
        if (alert.Channel == "sms"
            && session.Business.StaffOf(alert.Recipient) is { Email: { } address, AlertByEmail: false })
        {
            session.Unit.Enqueue(session.Business.Id, session.Key, new OutboxMessage
            {
                Kind = WorkKinds.AlertByEmail,
                EffectKey = $"alert:{alert.Alert:N}:email",
                OnlyOnce = true,
                Scope = SendingScopes.AlertByEmail,
                DueAt = session.Now,
                Body = JsonSerializer.SerializeToUtf8Bytes(
                    alert with { Channel = "email", To = address, From = null }, LedgerJsonContext.Default.SendAlert),
            });
        }
    }
}
