using LeadLedger.Businesses;
using LeadLedger.Calls;
using LeadLedger.Hosting;
using LeadLedger.Intake.Webhooks;
using LeadLedger.Leads;
using NodaTime;

namespace LeadLedger.Intake.Ghl;

/// <summary>
/// GoHighLevel: a missed call (<c>phone_number</c>, <c>contact_name</c>), a workflow's webhook, or one of its forms. It signs nothing that we could
/// verify, so a shared secret tells which business it is.
/// </summary>
public static class GhlEndpoint
{
    public const string Source = "ghl";

    private static readonly string[] SecretHeaders = ["X-LeadLedger-Secret", "X-Webhook-Secret"];

    public static void MapGhlWebhook(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/webhooks/ghl", PostAsync).WithTags("Webhooks").DisableAntiforgery().CountsAccepted()
            .WithSummary("A missed call or form from GoHighLevel; the secret goes in X-LeadLedger-Secret, as a bearer token, or as ?key=");

    private static async Task<IResult> PostAsync(
        HttpContext http,
        Deliveries deliveries,
        BusinessDirectory businesses,
        FormSecrets secrets,
        IntakeLimiter limiter,
        WebhookIntake intake,
        CancellationToken cancellation)
    {
        if (await WebhookBody.ReadAsync(http.Request, cancellation) is not { } body)
        {
            return WebhookAnswers.TooLarge();
        }

        if (SecretOf(http) is not { } given)
        {
            return WebhookAnswers.Unsigned("Send the business's secret in the header X-LeadLedger-Secret, as a bearer token, or as ?key=.");
        }

        if (businesses.All.FirstOrDefault(b => secrets.Reveal(b.GhlSecret) is { } secret
            && SharedSecret.Verify(given, [secret]) == SignatureVerdict.Valid) is not { } business)
        {
            return WebhookAnswers.BadSignature("The secret belongs to no business. Compare it with ghlSecret in the business file.");
        }

        if (limiter.Count($"ghl:{business.Id}", business.Limits.RequestsPerMinutePerForm) is { } wait)
        {
            http.Response.Headers.RetryAfter = wait.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return Problems.Of(429, "too-many-requests", $"Too many posts. Try again in {wait} seconds.");
        }

        return await intake.TakeAsync(http, Webhook.Of(http, Source, [business.Id], body, deliveries.Now) with
        {
            OrderKeys = [Webhook.OwnKey(body)],
        });
    }

    /// <summary>What the delivery asks of the ledger; null when it is neither a call nor a form.</summary>
    public static DeliveryRequest? Request(Business business, GhlDelivery delivery, Instant now, StaffLinks links) => delivery.Kind switch
    {
        GhlKind.MissedCall or GhlKind.AnsweredCall => Call(business, delivery, now, links),
        GhlKind.Form => CaptureForm.Request(business, FormOf(delivery), SubmissionOf(delivery), null, now, links),
        _ => null,
    };

    // A call that Twilio reports as well carries Twilio's id: both then find the same record.
    private static DeliveryRequest Call(Business business, GhlDelivery delivery, Instant now, StaffLinks links)
    {
        var provider = delivery.CallSid is null ? RecordCall.Ghl : RecordCall.Twilio;
        var callSid = SafeText.Line(delivery.CallSid ?? delivery.IdempotencyKey, 100);
        var status = delivery.Kind == GhlKind.MissedCall
            ? CallStatuses.IsUnanswered(delivery.Status) ? CallStatuses.Name(delivery.Status) : "no_answer"
            : "completed";
        var fact = new CallStatusReported
        {
            Parties = new CallParties
            {
                CallSid = callSid,
                From = delivery.PhoneRaw is null ? null : SafeText.Line(delivery.PhoneRaw, 120),
                To = delivery.To is null ? null : SafeText.Line(delivery.To, 120),
                CallerName = delivery.Name is null ? null : SafeText.Line(delivery.Name, 120),
            },
            Status = status,
            IsFinal = true,
            DurationSeconds = delivery.Duration,
            OccurredAt = delivery.OccurredAt?.Instant is { } at && at < now ? at : now,
            StatusOnly = true,
            AfterHours = !business.Calendar.IsOpen(now),
        };
        return new DeliveryRequest(unit =>
        {
            var answer = RecordCall.Apply(unit, business, provider, callSid, fact, links, business.TestMode);
            return (WebhookAnswers.Json(new WebhookAnswer(answer.Outcome, answer.Lead, answer.Inquiry, answer.Match)), answer.Lead);
        })
        {
            Gates =
            [
                .. CaptureInquiry.Gates(business, RecordCall.IdentityOf(delivery.PhoneRaw, null, business)),
                .. WorkInquiry.ExtraGates(business, now),
            ],
            Streams = [LeadStreams.CallOf(business.Id, provider, callSid)],
        };
    }

    // A form made in GoHighLevel is a form like any other; it brings no consent of its own that we could prove.
    private static Form FormOf(GhlDelivery delivery) => new()
    {
        Id = "ghl",
        Label = delivery.FormName ?? "GoHighLevel form",
        Authentication = new FormAuthentication { Scheme = FormScheme.SharedSecret },
    };

    private static FormSubmission SubmissionOf(GhlDelivery delivery) => new()
    {
        FormId = "ghl",
        FormVersion = "1",
        SubmissionId = delivery.IdempotencyKey,
        SubmissionIdIsHash = delivery.KeyIsDerived,
        ContentHash = delivery.IdempotencyKey,
        Name = delivery.Name,
        FirstName = delivery.FirstName,
        LastName = delivery.LastName,
        PhoneRaw = delivery.PhoneRaw,
        EmailRaw = delivery.EmailRaw,
        Message = delivery.Message,
        SubmittedAt = delivery.OccurredAt,
    };

    private static string? SecretOf(HttpContext http)
    {
        foreach (var name in SecretHeaders)
        {
            if (http.Request.Headers[name].ToString() is { Length: > 0 } value)
            {
                return value;
            }
        }

        var bearer = http.Request.Headers.Authorization.ToString();
        return bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? bearer["Bearer ".Length..].Trim()
            : http.Request.Query[FormAuthenticity.QueryKey].ToString() is { Length: > 0 } key ? key : null;
    }
}
