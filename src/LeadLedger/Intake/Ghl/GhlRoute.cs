using LeadLedger.Businesses;
using LeadLedger.EventStore.Inbox;
using LeadLedger.Hosting;
using LeadLedger.Intake.Webhooks;

namespace LeadLedger.Intake.Ghl;

/// <summary>What an authentic delivery of GoHighLevel does, live and when it is replayed, and what the sender is told while it is kept.</summary>
public sealed class GhlRoute(Deliveries deliveries, BusinessDirectory businesses, ServiceAddress address) : IWebhookRoutes
{
    public IEnumerable<WebhookRoute> Routes => [new(GhlEndpoint.Source, TakeAsync, KeptAnswer)];

    private async Task<Taken> TakeAsync(Webhook webhook, CancellationToken cancellation)
    {
        var delivery = Read(webhook);
        Receipt Receipt(string key) => Deliveries.ReceiptOf(webhook, webhook.Tenants[0], GhlEndpoint.Source, key);
        if (delivery.Problems.Count > 0)
        {
            return WebhookAnswers.Of(
                await deliveries.QuarantineAsync(
                    Receipt($"rejected:{Convert.ToHexStringLower(WebhookBody.Sha256(webhook.Body).AsSpan(0, 16))}"), GhlEndpoint.Source,
                    string.Join("; ", delivery.Problems.Select(p => $"{p.Field}: {p.Problem}")), "rejected"),
                Rejected(delivery));
        }

        if (businesses.Find(webhook.Tenants[0]) is not { } business)
        {
            return await UndecidedAsync("its business is no longer hosted here");
        }

        if (GhlEndpoint.Request(business, delivery, webhook.ReceivedAt, address.Links) is not { } request)
        {
            return await UndecidedAsync("it is neither a call nor a form");
        }

        return WebhookAnswers.Of(await deliveries.CommitAsync(Receipt(delivery.IdempotencyKey), "provider:ghl", request));

        async Task<Taken> UndecidedAsync(string problem) =>
            WebhookAnswers.Of(await deliveries.QuarantineAsync(Receipt(delivery.IdempotencyKey), GhlEndpoint.Source, problem));
    }

    private IResult KeptAnswer(Webhook webhook) =>
        Read(webhook) is { Problems.Count: > 0 } delivery ? Rejected(delivery) : WebhookAnswers.Kept;

    private static GhlDelivery Read(Webhook webhook) =>
        GhlReader.Read(PayloadDocument.Read(webhook.Body, webhook.ContentType), webhook.ReceivedAt);

    private static IResult Rejected(GhlDelivery delivery) => Problems.Of(
        400, "fields-missing", "The delivery was not taken: see errors.",
        delivery.Problems.GroupBy(p => p.Field, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(p => $"{p.Problem} {p.Fix}".Trim()).ToArray(), StringComparer.Ordinal));
}
