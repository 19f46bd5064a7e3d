using System.Text.Json;
using System.Text.Json.Serialization;
using LeadLedger.Hosting;
using LeadLedger.Leads;

namespace LeadLedger.Intake.Webhooks;

/// <summary>What a sender is told of its delivery.</summary>
/// <param name="Outcome">missed, answered, pending, accepted.</param>
/// <param name="LeadId">The lead it went to.</param>
/// <param name="InquiryId">The inquiry it became.</param>
/// <param name="Match">Whether it joined a lead or opened one, and why (MRG-05).</param>
public sealed record WebhookAnswer(string Outcome, Guid? LeadId, Guid? InquiryId, Match? Match);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WebhookAnswer))]
internal sealed partial class WebhookAnswerJson : JsonSerializerContext;

/// <summary>The answers of every webhook.</summary>
public static class WebhookAnswers
{
    private const string Xml = "text/xml; charset=utf-8";

    private static readonly WebhookAnswerJson Readable = new(new JsonSerializerOptions(WebhookAnswerJson.Default.Options)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static string Json(WebhookAnswer answer) => JsonSerializer.Serialize(answer, Readable.WebhookAnswer);

    public static IResult Of(Deliveries.Result result, HttpContext http) => result.Kind switch
    {
        Deliveries.ResultKind.Unavailable => Unavailable(http),
        Deliveries.ResultKind.Quarantined => Results.Json(new { outcome = "quarantined" }, statusCode: 202),
        _ => Results.Content(result.Answer ?? "{}", "application/json"),
    };

    public static IResult Twiml(Deliveries.Result result, HttpContext http, string twiml) =>
        result.IsStored ? Results.Content(twiml, Xml) : Unavailable(http);

    /// <summary>503 with Retry-After: some senders never come back after a 4xx.</summary>
    public static IResult Unavailable(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "5";
        return Problems.Of(503, "unavailable", "The ledger cannot store anything right now. Send it again; nothing was lost or done.");
    }

    public static IResult TooLarge() =>
        Problems.Of(413, "too-large", $"The body is larger than {WebhookBody.Limit / 1024} KB.");

    public static IResult Unsigned(string detail) => Problems.Of(401, "unsigned", detail);

    public static IResult BadSignature(string detail) => Problems.Of(403, "bad-signature", detail);
}
