using System.Text.Json;
using LeadLedger.EventStore.Faults;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Leads;
using LeadLedger.Sending;
using NodaTime;

namespace LeadLedger.Reconciling;

/// <summary>
/// The way a text goes from unknown to known (C-21): the provider's callback at any time, its list at these instants, and after
/// <see cref="GivesUpAfter"/> a person. Nothing on this way sends.
/// </summary>
public static class Settlement
{
    /// <summary>After this a person is told that the text may not have arrived, counted from the mark.</summary>
    public static readonly Duration GivesUpAfter = Minutes(15);

    /// <summary>How far the provider's clock may be behind ours; its dates are cut to seconds.</summary>
    public static readonly Duration ClockTolerance = Duration.FromSeconds(3);

    /// <summary>How long after the end of the call the provider may still create the message.</summary>
    public static readonly Duration CreationTolerance = Duration.FromSeconds(30);

    // The list may lag or be away, so it is asked less and less often; once more after giving up, for an outage that lasted.
    private static readonly Duration[] Looks =
    [
        Minutes(0.5), Minutes(2), Minutes(5), Minutes(10), GivesUpAfter, Minutes(60),
    ];

    // A run under faults cannot wait for a quarter of an hour.
    private static Duration Minutes(double minutes) => Duration.FromMinutes(minutes * (FaultSetting.Number("LEADLEDGER_SETTLE_SCALE") ?? 1));

    /// <summary>Records that the outcome is unknown, and schedules the first look, in the transaction that makes the row ambiguous.</summary>
    public static void Begin(LeadSession session, OutboxItem item, SendSms body, string reason)
    {
        session.Record(new SmsOutcomeUnknown(body.Message, body.To, reason));
        session.Unit.Enqueue(item.Tenant, session.Key, new OutboxMessage
        {
            Kind = SettleText.Kind,
            EffectKey = $"settle_text:{item.Id:N}:{item.Fence}",
            DueAt = session.Now + Looks[0],
            Body = JsonSerializer.SerializeToUtf8Bytes(
                new SettleText(body.Message, item.Id, item.Fence, body.To, body.From, body.Body), LedgerJsonContext.Default.SettleText),
        });
    }

    /// <summary>The next instant to look at; null when all have passed.</summary>
    public static Instant? NextLook(Instant markedAt, Instant now)
    {
        foreach (var look in Looks)
        {
            if (markedAt + look > now)
            {
                return markedAt + look;
            }
        }

        return null;
    }

    /// <summary>
    /// The listed message that is this text: same words, created while the call could still arrive, and no other attempt's. Null when
    /// there is none; absence proves nothing, because lists lag.
    /// </summary>
    public static ListedMessage? Find(
        SettleText text, Instant markedAt, TimeSpan callDeadline, IEnumerable<ListedMessage> listed, IReadOnlySet<string> taken)
    {
        var earliest = markedAt - ClockTolerance;
        var latest = markedAt + Duration.FromTimeSpan(callDeadline) + CreationTolerance;
        return listed
            .Where(message => message.IsOutbound && message.To == text.To && message.From == text.From && message.Body == text.Body
                && message.CreatedAt >= earliest && message.CreatedAt <= latest && !taken.Contains(message.Sid))
            .OrderBy(message => message.CreatedAt).ThenBy(message => message.Sid, StringComparer.Ordinal)
            .FirstOrDefault();
    }
}
