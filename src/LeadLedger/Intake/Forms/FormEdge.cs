using LeadLedger.Businesses;
using LeadLedger.EventStore.Inbox;
using LeadLedger.Hosting;
using LeadLedger.Intake.Webhooks;
using LeadLedger.PhoneNumbers;

namespace LeadLedger.Intake;

/// <summary>Verifies, reads and commits form posts.</summary>
public sealed class FormEdge(
    Deliveries deliveries, BusinessDirectory businesses, FormSecrets secrets, IntakeLimiter limiter, ServiceAddress address) : IWebhookRoutes
{
    private const string RouteName = "form";

    public IEnumerable<WebhookRoute> Routes => [new(RouteName, TakeAsync, KeptAnswer)];

    public (Business Business, Form Form)? Find(string id) => businesses.FindForm(id);

    /// <summary>Seconds to wait when this caller or this form posts too much.</summary>
    public int? Limited(HttpContext http, Business business, Form form) =>
        limiter.Count($"form:{form.Id}", business.Limits.RequestsPerMinutePerForm)
        ?? limiter.Count($"ip:{form.Id}:{http.Connection.RemoteIpAddress}", business.Limits.RequestsPerMinutePerIp);

    public SignatureVerdict Verify(HttpContext http, Form form, byte[] body) => FormAuthenticity.Verify(
        form, secrets.Of(form.Authentication), Header(http), http.Request.Query[FormAuthenticity.QueryKey], body, deliveries.Now);

    /// <summary>An authentic post, as it is taken in or kept.</summary>
    public Webhook WebhookOf(HttpContext http, Business business, Form form, byte[] body) =>
        Webhook.Of(http, $"{RouteName}:{form.Id}", [business.Id], body, deliveries.Now, form.Authentication.Header) with
        {
            Argument = form.Id,
            OrderKeys = [Webhook.OwnKey(body)],
        };

    private async Task<Taken> TakeAsync(Webhook webhook, CancellationToken cancellation)
    {
        var source = webhook.Route;
        Receipt Receipt(string key) => Deliveries.ReceiptOf(webhook, webhook.Tenants[0], source, key);
        if (businesses.FindForm(webhook.Argument) is not { } found || found.Business.Id != webhook.Tenants[0])
        {
            return WebhookAnswers.Of(await deliveries.QuarantineAsync(
                Receipt($"unreadable:{Hash(webhook.Body)}"), source, "its form is no longer in the business file"));
        }

        var (business, form) = found;
        var now = webhook.ReceivedAt;
        switch (Read(webhook, business, form))
        {
            case FormReading.Accepted { Submission: var submission }:
                var key = webhook.Header("Idempotency-Key") is { Length: > 0 } given ? $"key:{given}" : CaptureForm.KeyOf(submission, now);
                return WebhookAnswers.Of(await deliveries.CommitAsync(
                    Receipt(key), source, CaptureForm.Request(business, form, submission, webhook.RemoteAddress, now, address.Links)));
            case FormReading.Rejected { Problems: var problems }:
                return WebhookAnswers.Of(
                    await deliveries.QuarantineAsync(
                        Receipt($"rejected:{Hash(webhook.Body)}"), source, string.Join("; ", problems.Select(p => $"{p.Field}: {p.Problem}")), "rejected"),
                    Rejected(problems));
            case FormReading.Honeypot:
                return WebhookAnswers.Of(
                    await deliveries.QuarantineAsync(
                        Receipt($"honeypot:{Hash(webhook.Body)}"), source, "the trap field was filled", ReceiptOutcomes.Honeypot),
                    Baited);
            case var reading:
                var problem = (reading as FormReading.Unreadable)?.Reason ?? "it cannot be read";
                return WebhookAnswers.Of(await deliveries.QuarantineAsync(Receipt($"unreadable:{Hash(webhook.Body)}"), source, problem));
        }
    }

    // A person who left a field out is told so at once; the post is kept like every other.
    private IResult KeptAnswer(Webhook webhook) =>
        businesses.FindForm(webhook.Argument) is not { } found ? WebhookAnswers.Kept : Read(webhook, found.Business, found.Form) switch
        {
            FormReading.Rejected { Problems: var problems } => Rejected(problems),
            FormReading.Honeypot => Baited,
            _ => WebhookAnswers.Kept,
        };

    private static FormReading Read(Webhook webhook, Business business, Form form) =>
        Read(form, business, PayloadDocument.Read(webhook.Body, webhook.ContentType), webhook.Query, webhook.Header);

    /// <summary>Reads a payload with the form's mapping as it is now; also used when a kept one is replayed.</summary>
    public static FormReading Read(Form form, Business business, PayloadDocument payload, string? query, Func<string, string?> header) =>
        FormReader.Read(
            form, payload, FormBody.Read(System.Text.Encoding.UTF8.GetBytes(query?.TrimStart('?') ?? ""), "application/x-www-form-urlencoded").Pairs,
            header, text => PhoneNumber.TryParse(text, business.Region, out _, out _));

    private static IResult Baited { get; } = Results.Json(new { outcome = "accepted" });

    private static IResult Rejected(IReadOnlyList<FieldProblem> problems) => Problems.Of(
        422, "fields-missing", "The submission was not taken: see errors.",
        problems.GroupBy(p => p.Field, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(p => $"{p.Problem} {p.Fix}".Trim()).ToArray(), StringComparer.Ordinal));

    private static Func<string, string?> Header(HttpContext http) =>
        name => http.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    private static string Hash(byte[] body) => Convert.ToHexStringLower(WebhookBody.Sha256(body).AsSpan(0, 16));
}
