using LeadLedger.Businesses;
using LeadLedger.Hosting;
using LeadLedger.Intake.Webhooks;

namespace LeadLedger.Intake;

/// <summary>Posts of web forms: from a form builder's server, or straight from a browser.</summary>
public static class FormEndpoints
{
    public static void MapFormWebhooks(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/webhooks/forms").WithTags("Webhooks").DisableAntiforgery();
        group.MapPost("/{form}", PostAsync).CountsAccepted().WithSummary("A form submission: JSON, form-encoded or multipart");
        group.MapMethods("/{form}", ["OPTIONS"], Preflight).ExcludeFromDescription();
    }

    private static IResult Preflight(string form, HttpContext http, BusinessDirectory businesses)
    {
        if (businesses.FindForm(form) is not { } found || !AllowsOrigin(http, found.Form))
        {
            return Problems.Of(403, "origin-not-allowed", "This form does not take posts from that origin.");
        }

        http.Response.Headers.AccessControlAllowMethods = "POST";
        http.Response.Headers.AccessControlAllowHeaders = "content-type, idempotency-key";
        http.Response.Headers.AccessControlMaxAge = "600";
        return Results.NoContent();
    }

    private static async Task<IResult> PostAsync(
        string form, HttpContext http, FormEdge edge, WebhookIntake intake, CancellationToken cancellation)
    {
        if (edge.Find(form) is not { } found)
        {
            return Problems.Of(404, "unknown-form", "No business has a form of this name. Check the last part of the address.");
        }

        var (business, config) = found;
        if (http.Request.Headers.Origin.Count > 0 && !AllowsOrigin(http, config)
            && (config.AllowedOrigins.Count > 0 || config.Authentication.Scheme == FormScheme.BrowserOrigin))
        {
            return Problems.Of(403, "origin-not-allowed", "This form does not take posts from that origin. Add it to allowedOrigins.");
        }

        if (edge.Limited(http, business, config) is { } wait)
        {
            http.Response.Headers.RetryAfter = wait.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return Problems.Of(429, "too-many-requests", $"Too many posts to this form. Try again in {wait} seconds.");
        }

        if (await WebhookBody.ReadAsync(http.Request, cancellation) is not { } body)
        {
            return WebhookAnswers.TooLarge();
        }

        return edge.Verify(http, config, body) switch
        {
            SignatureVerdict.Valid => await intake.TakeAsync(http, edge.WebhookOf(http, business, config, body)),
            SignatureVerdict.Missing => WebhookAnswers.Unsigned("The request carries no signature or secret for this form."),
            SignatureVerdict.Stale => WebhookAnswers.BadSignature("The signed time is too far from now. Check the sender's clock."),
            SignatureVerdict.NotConfigured => WebhookAnswers.BadSignature(
                "This form has no usable secret yet. Set the environment variable or file that its business file names."),
            _ => WebhookAnswers.BadSignature("The signature or secret does not match this form's."),
        };
    }

    private static bool AllowsOrigin(HttpContext http, Form form)
    {
        var origin = http.Request.Headers.Origin.ToString();
        var allowed = form.AllowedOrigins.Any(o => string.Equals(o.TrimEnd('/'), origin, StringComparison.OrdinalIgnoreCase));
        if (allowed)
        {
            http.Response.Headers.AccessControlAllowOrigin = origin;
            http.Response.Headers.Vary = "Origin";
        }

        return allowed;
    }
}
