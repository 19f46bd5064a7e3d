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

    /// <summary>What became of a delivery, with the usual answer.</summary>
    public static Taken Of(Deliveries.Result result) => new(result.Kind, result.Kind switch
    {
        Deliveries.ResultKind.Quarantined => Quarantined,
        Deliveries.ResultKind.Committed or Deliveries.ResultKind.Replayed => Results.Content(result.Answer ?? "{}", "application/json"),
        _ => Unavailable,
    });

    /// <summary>What became of a delivery, with an answer of the endpoint's own once it is stored.</summary>
    public static Taken Of(Deliveries.Result result, IResult stored) => new(result.Kind, result.IsStored ? stored : Unavailable);

    public static IResult Twiml(string twiml) => Results.Content(twiml, Xml);

    public static IResult Quarantined { get; } = Results.Json(new { outcome = "quarantined" }, statusCode: 202);

    /// <summary>It is on the disk and goes into the ledger as soon as the database is back.</summary>
    public static IResult Kept { get; } = Results.Json(new { outcome = "kept" }, statusCode: 202);

    /// <summary>503 with Retry-After: some senders never come back after a 4xx.</summary>
    public static IResult Unavailable { get; } = new ComeBack();

    public static IResult TooLarge() =>
        Problems.Of(413, "too-large", $"The body is larger than {WebhookBody.Limit / 1024} KB.");

    public static IResult Unsigned(string detail) => Problems.Of(401, "unsigned", detail);

    public static IResult BadSignature(string detail) => Problems.Of(403, "bad-signature", detail);

    private sealed class ComeBack : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = "5";
            return Problems.Of(503, "unavailable", "The ledger cannot store anything right now. Send it again; nothing was lost or done.")
                .ExecuteAsync(httpContext);
        }
    }
}
