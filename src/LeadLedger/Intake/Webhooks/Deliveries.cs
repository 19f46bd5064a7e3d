using System.Text.Json;
using LeadLedger.EventStore.Faults;
using LeadLedger.EventStore.Inbox;
using LeadLedger.EventStore.Writing;
using NodaTime;

namespace LeadLedger.Intake.Webhooks;

/// <summary>
/// Commits an authentic delivery: decided and answered, or, when it cannot be decided, kept raw in quarantine. Nothing signed is thrown
/// away (I5), and nothing is acknowledged before it is committed (I2).
/// </summary>
public sealed partial class Deliveries(LedgerWriter writer, IClock clock, IntakeCounters counters, ILogger<Deliveries> log)
{
    /// <summary>What an authentic delivery came to.</summary>
    /// <param name="Kind">Committed, replayed, quarantined, or not stored, and why.</param>
    /// <param name="Answer">The stored answer, JSON.</param>
    public readonly record struct Result(ResultKind Kind, string? Answer)
    {
        public bool IsStored => Kind < ResultKind.Unavailable;
    }

    public enum ResultKind
    {
        Committed,
        Replayed,
        Quarantined,

        /// <summary>The database is away or did not confirm: not stored, as far as is known.</summary>
        Unavailable,

        /// <summary>Too much is waiting: the sender must come back.</summary>
        Busy,

        /// <summary>It is not for us, and is not stored.</summary>
        Refused,
    }

    public Instant Now => clock.GetCurrentInstant();

    /// <summary>The receipt of a delivery.</summary>
    public static Receipt ReceiptOf(Webhook webhook, string tenant, string source, string key) => new()
    {
        Tenant = tenant,
        Source = source,
        Key = KeyOf(key),
        ReceivedAt = webhook.ReceivedAt,
        ContentType = SafeHeader(webhook.ContentType),
        Query = SafeHeader(webhook.Query is { Length: > 1 } query ? query[1..] : null),
        Body = webhook.Body,
        BodySha256 = WebhookBody.Sha256(webhook.Body),
        HeadersJson = HeadersOf(webhook),
    };

    /// <summary>Decides a delivery and commits it with its receipt.</summary>
    /// <param name="receipt">The delivery.</param>
    /// <param name="actor">Who delivered it.</param>
    /// <param name="request">Names the rows to lock; its decision concludes the receipt by answering with JSON.</param>
    public async Task<Result> CommitAsync(Receipt receipt, string actor, DeliveryRequest request)
    {
        try
        {
            return Confirmed(receipt, await writer.WriteAsync(new WriteRequest<Result>(unit =>
            {
                if (unit.Earlier is { } earlier)
                {
                    return new Result(
                        earlier.Outcome == ReceiptOutcomes.Quarantined ? ResultKind.Quarantined : ResultKind.Replayed, earlier.AnswerJson);
                }

                var (answer, stream) = request.Decide(unit);
                unit.Conclude(ReceiptOutcomes.Accepted, answer, null, stream);
                return new Result(ResultKind.Committed, answer);
            })
            {
                Now = receipt.ReceivedAt,
                Actor = actor,
                CausationId = $"delivery:{receipt.Source}:{receipt.Key}",
                Receipt = receipt,
                Gates = request.Gates,
                Streams = request.Streams,
                OutboxRows = request.OutboxRows,
            }));
        }
        catch (LedgerBusyException)
        {
            return new Result(ResultKind.Busy, null);
        }
        catch (Exception exception) when (StorageTrouble.IsAway(exception))
        {
            return new Result(ResultKind.Unavailable, null);
        }
        catch (DecisionFailedException exception)
        {
            LogFailed(log, receipt.Source, exception);
            return await QuarantineAsync(receipt, actor, "it could not be decided: " + exception.InnerException?.GetType().Name);
        }
    }

    /// <summary>Keeps a delivery that is authentic but cannot be read, for a person to look at and replay.</summary>
    public async Task<Result> QuarantineAsync(Receipt receipt, string actor, string problem, string outcome = ReceiptOutcomes.Quarantined)
    {
        LogQuarantined(log, receipt.Source, outcome);
        try
        {
            return Confirmed(receipt, await writer.WriteAsync(new WriteRequest<Result>(unit =>
            {
                if (unit.Earlier is { } earlier)
                {
                    return new Result(ResultKind.Replayed, earlier.AnswerJson);
                }

                unit.Conclude(outcome, null, SafeText.Line(problem, 300));
                return new Result(ResultKind.Quarantined, null);
            })
            {
                Now = receipt.ReceivedAt,
                Actor = actor,
                Receipt = receipt,
            }));
        }
        catch (LedgerBusyException)
        {
            return new Result(ResultKind.Busy, null);
        }
        catch (Exception exception) when (StorageTrouble.IsAway(exception) || exception is DecisionFailedException)
        {
            return new Result(ResultKind.Unavailable, null);
        }
    }

    private Result Confirmed(Receipt receipt, Result result)
    {
        counters.Confirmed(new ReceiptKey(receipt.Tenant, receipt.Source, receipt.Key));
        return result;
    }

    private static string KeyOf(string key) => PlantedDefect.Is(Defects.NoInboxKey)
        ? Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16))
        : key.Length <= 200 ? key : Convert.ToHexStringLower(WebhookBody.Sha256(System.Text.Encoding.UTF8.GetBytes(key)));

    private static string HeadersOf(Webhook webhook)
    {
        // Only what a mapping may need again; never signatures, secrets or addresses of people.
        var kept = new Dictionary<string, string>(4, StringComparer.Ordinal);
        foreach (var name in (ReadOnlySpan<string>)["User-Agent", "webhook-id", "webhook-timestamp", "I-Twilio-Idempotency-Token"])
        {
            if (SafeHeader(webhook.Header(name)) is { } text)
            {
                kept[name] = text;
            }
        }

        return JsonSerializer.Serialize(kept);
    }

    private static string? SafeHeader(string? value) => value is null ? null : SafeText.Line(value, 2000);

    [LoggerMessage(Level = LogLevel.Error, Message = "A delivery from {Source} could not be decided")]
    private static partial void LogFailed(ILogger logger, string source, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A delivery from {Source} was kept as {Outcome}")]
    private static partial void LogQuarantined(ILogger logger, string source, string outcome);
}
