using LeadLedger.Businesses;
using LeadLedger.EventStore.Inbox;
using LeadLedger.Hosting;
using LeadLedger.Intake.Webhooks;
using LeadLedger.PhoneNumbers;

namespace LeadLedger.Intake;

/// <summary>Verifies, reads and commits form posts.</summary>
public sealed class FormEdge(
    Deliveries deliveries, BusinessDirectory businesses, FormSecrets secrets, IntakeLimiter limiter, ServiceAddress address)
{
    public (Business Business, Form Form)? Find(string id) => businesses.FindForm(id);

    /// <summary>Seconds to wait when this caller or this form posts too much.</summary>
    public int? Limited(HttpContext http, Business business, Form form) =>
        limiter.Count($"form:{form.Id}", business.Limits.RequestsPerMinutePerForm)
        ?? limiter.Count($"ip:{form.Id}:{http.Connection.RemoteIpAddress}", business.Limits.RequestsPerMinutePerIp);

    public SignatureVerdict Verify(HttpContext http, Form form, byte[] body) => FormAuthenticity.Verify(
        form, secrets.Of(form.Authentication), Header(http), http.Request.Query[FormAuthenticity.QueryKey], body, deliveries.Now);

    /// <summary>Takes an authentic post in.</summary>
    public async Task<IResult> TakeAsync(HttpContext http, Business business, Form form, byte[] body)
    {
        var now = deliveries.Now;
        var source = $"form:{form.Id}";
        Receipt Receipt(string key) => Deliveries.ReceiptOf(http, business, source, key, body, now);
        var reading = Read(form, business, PayloadDocument.Read(body, http.Request.ContentType), http.Request.QueryString.Value, Header(http));
        switch (reading)
        {
            case FormReading.Accepted { Submission: var submission }:
                var key = http.Request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } given ? $"key:{given}" : CaptureForm.KeyOf(submission, now);
                var ip = http.Connection.RemoteIpAddress?.ToString();
                return WebhookAnswers.Of(
                    await deliveries.CommitAsync(Receipt(key), source, CaptureForm.Request(business, form, submission, ip, now, address.Links)), http);
            case FormReading.Rejected { Problems: var problems }:
                var kept = await deliveries.QuarantineAsync(
                    Receipt($"rejected:{Hash(body)}"), source, string.Join("; ", problems.Select(p => $"{p.Field}: {p.Problem}")), "rejected");
                return kept.IsStored ? Rejected(problems) : WebhookAnswers.Unavailable(http);
            case FormReading.Honeypot:
                var bait = await deliveries.QuarantineAsync(
                    Receipt($"honeypot:{Hash(body)}"), source, "the trap field was filled", ReceiptOutcomes.Honeypot);
                return bait.IsStored ? Results.Json(new { outcome = "accepted" }) : WebhookAnswers.Unavailable(http);
            default:
                var problem = (reading as FormReading.Unreadable)?.Reason ?? "it cannot be read";
                return WebhookAnswers.Of(await deliveries.QuarantineAsync(Receipt($"unreadable:{Hash(body)}"), source, problem), http);
        }
    }

    /// <summary>Reads a payload with the form's mapping as it is now; also used when a kept one is replayed.</summary>
    public static FormReading Read(Form form, Business business, PayloadDocument payload, string? query, Func<string, string?> header) =>
        FormReader.Read(
            form, payload, FormBody.Read(System.Text.Encoding.UTF8.GetBytes(query?.TrimStart('?') ?? ""), "application/x-www-form-urlencoded").Pairs,
            header, text => PhoneNumber.TryParse(text, business.Region, out _, out _));

    private static IResult Rejected(IReadOnlyList<FieldProblem> problems) => Problems.Of(
        422, "fields-missing", "The submission was not taken: see errors.",
        problems.GroupBy(p => p.Field, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(p => $"{p.Problem} {p.Fix}".Trim()).ToArray(), StringComparer.Ordinal));

    private static Func<string, string?> Header(HttpContext http) =>
        name => http.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    private static string Hash(byte[] body) => Convert.ToHexStringLower(WebhookBody.Sha256(body).AsSpan(0, 16));
}
