using System.Globalization;
using LeadLedger.Businesses;
using LeadLedger.Calls;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Faults;
using LeadLedger.EventStore.Inbox;
using LeadLedger.Hosting;
using LeadLedger.Intake;
using LeadLedger.Intake.Twilio;
using LeadLedger.Intake.Webhooks;
using LeadLedger.Leads;
using NodaTime;

namespace LeadLedger.Reconciling;

/// <summary>How a listed call or message stood to what the ledger knew.</summary>
public enum SweepFinding
{
    /// <summary>Its report had come by itself.</summary>
    Arrived,

    /// <summary>Only the list told of it; an earlier sweep of the same interval may have written it down already.</summary>
    FoundBefore,

    /// <summary>Only the list told of it, and it is written down now.</summary>
    Found,

    /// <summary>It cannot be stored right now.</summary>
    NotStored,
}

/// <summary>
/// Takes in a listed call or message as if its webhook had come: the same fields, decisions and keys, so that the webhook, should it come
/// later, is a known replay.
/// </summary>
public sealed class SweepIntake(Deliveries deliveries, SweepStore store, Ledger ledger, ServiceAddress address)
{
    private const string Form = "application/x-www-form-urlencoded";

    // A receipt from a list has no delivered body to compare with: whatever body comes later under its key is the same delivery.
    private static readonly byte[] AnyBody = [];

    /// <param name="business">Whose line was called.</param>
    /// <param name="accountSid">The account that lists it.</param>
    /// <param name="call">An inbound call that has ended.</param>
    /// <param name="legs">The legs that rang phones for it.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<SweepFinding> CallAsync(
        Business business, string accountSid, ListedCall call, IReadOnlyList<ListedCall> legs, CancellationToken cancellation)
    {
        var record = await ledger.LoadAsync(LeadStreams.Call, LeadStreams.CallOf(business.Id, RecordCall.Twilio, call.Sid), cancellation);
        if (record?.Outcome is not null && !PlantedDefect.Is(Defects.SweepWithoutDedupe))
        {
            return record.FoundBy is null ? SweepFinding.Arrived : SweepFinding.FoundBefore;
        }

        foreach (var (source, prefix, fields, at) in Reports(business, accountSid, call, legs, record))
        {
            var report = TwilioCallRequest.Read(fields);
            var key = $"{prefix}:{call.Sid}" + (source == TwilioReports.CallSource ? $":{TwilioReports.StatusOf(report).Name}" : "");
            if (!await StoreAsync(business, source, key, fields, now => TwilioReports.Of(source, business, fields, at, address.Links)!, cancellation))
            {
                return SweepFinding.NotStored;
            }
        }

        return SweepFinding.Found;
    }

    /// <summary>Takes in an inbound text.</summary>
    public async Task<SweepFinding> MessageAsync(
        Business business, string accountSid, ListedMessage message, CancellationToken cancellation)
    {
        if (!PlantedDefect.Is(Defects.SweepWithoutDedupe)
            && (await store.KnownAsync(business.Id, TwilioReports.SmsSource, [message.Sid], cancellation)).TryGetValue(message.Sid, out var foundBy))
        {
            return foundBy is null ? SweepFinding.Arrived : SweepFinding.FoundBefore;
        }

        var fields = Fields(
            ("MessageSid", message.Sid), ("AccountSid", accountSid), ("From", message.From), ("To", message.To), ("Body", message.Body ?? ""),
            ("NumMedia", message.Media.ToString(CultureInfo.InvariantCulture)));
        for (var index = 0; index < Math.Min(message.Media, 10); index++)
        {
            fields.Add(new(
                string.Create(CultureInfo.InvariantCulture, $"MediaUrl{index}"), $"/2010-04-01/Accounts/{accountSid}/Messages/{message.Sid}/Media.json"));
        }

        return await StoreAsync(
            business, TwilioReports.SmsSource, message.Sid, fields,
            _ => ReceiveSms.Request(business, TwilioMessage.Read(fields), message.SentAt ?? message.CreatedAt, address.Links), cancellation)
            ? SweepFinding.Found
            : SweepFinding.NotStored;
    }

    // The reports that such a call would have brought, in their order.
    private static IEnumerable<(string Source, string Prefix, List<KeyValuePair<string, string>> Fields, Instant At)> Reports(
        Business business, string accountSid, ListedCall call, IReadOnlyList<ListedCall> legs, CallRecord? record)
    {
        var started = call.StartedAt ?? call.EndedAt!.Value;
        var ended = call.EndedAt!.Value;
        var statusOnly = RecordCall.LineOf(business, call.To).Line?.Mode == LineMode.StatusOnly;
        if (record?.Handling is null && !statusOnly && CallStatuses.Read(call.Status) == CallStatus.Completed)
        {
            // Only how such a call was to be handled tells a missed one from an answered one.
            yield return (TwilioReports.VoiceSource, "voice", CallFields(accountSid, call, "ringing", started), started);
        }

        var rang = legs.FirstOrDefault(leg => leg.Status == "completed") ?? legs.MaxBy(leg => leg.EndedAt);
        if (rang is not null && !statusOnly && CallStatuses.IsFinal(CallStatuses.Read(rang.Status)))
        {
            var fields = CallFields(accountSid, call, "in-progress", ended);
            fields.AddRange(Fields(
                ("DialCallStatus", rang.Status), ("DialCallSid", rang.Sid), ("DialCallDuration", rang.DurationSeconds?.ToString(CultureInfo.InvariantCulture))));
            yield return (TwilioReports.DialSource, "dial", fields, ended);
        }

        var status = CallFields(accountSid, call, call.Status, ended);
        status.AddRange(Fields(("CallDuration", call.DurationSeconds?.ToString(CultureInfo.InvariantCulture))));
        yield return (TwilioReports.CallSource, "status", status, ended);
    }

    private static List<KeyValuePair<string, string>> CallFields(string accountSid, ListedCall call, string status, Instant at) => Fields(
        ("CallSid", call.Sid), ("AccountSid", accountSid), ("From", call.From), ("To", call.To), ("CallStatus", status), ("Direction", call.Direction),
        ("CallerName", call.CallerName), ("ForwardedFrom", call.ForwardedFrom),
        ("Timestamp", at.ToDateTimeUtc().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture)));

    private static List<KeyValuePair<string, string>> Fields(params (string Name, string? Value)[] fields) =>
        [.. fields.Where(field => field.Value is not null).Select(field => new KeyValuePair<string, string>(field.Name, field.Value!))];

    private async Task<bool> StoreAsync(
        Business business,
        string source,
        string key,
        List<KeyValuePair<string, string>> fields,
        Func<Instant, DeliveryRequest> decide,
        CancellationToken cancellation)
    {
        var now = deliveries.Now;
        if (PlantedDefect.Is(Defects.SweepWithoutDedupe))
        {
            key = $"{key}:{now.ToUnixTimeTicks()}";
        }
        else if ((await store.KnownAsync(business.Id, source, [key], cancellation)).Count > 0)
        {
            return true;
        }

        using var content = new FormUrlEncodedContent(fields);
        var result = await deliveries.CommitAsync(
            new Receipt
            {
                Tenant = business.Id,
                Source = source,
                Key = key,
                ReceivedAt = now,
                ContentType = Form,
                Body = await content.ReadAsByteArrayAsync(cancellation),
                BodySha256 = AnyBody,
                HeadersJson = $$"""{"{{Reconciliation.Header}}":"{{Reconciliation.FoundBy}}"}""",
            },
            Reconciliation.Actor,
            decide(now));
        return result.IsStored;
    }
}
