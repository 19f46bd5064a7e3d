using System.Text.Json;
using LeadLedger.Hosting;
using LeadLedger.Intake;

namespace LeadLedger.Backup;

/// <summary>Whether anything leaves, who closed it, and the two commands that close and open it for the whole service.</summary>
public static class SendingEndpoints
{
    private const int LongestReason = 500;

    /// <summary>The body of both commands.</summary>
    /// <param name="Reason">Why; it is kept with the time and the key's name.</param>
    public sealed record Body(string? Reason);

    public static void MapSending(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/sending/lock", ShowAsync).Requires(ApiAccess.Read).ForAuditors(AuditorView.NothingPersonal).WithTags("Operations")
            .WithSummary("Whether anything is sent, and who closed and opened it").Produces(200, contentType: "application/json");
        routes.MapPut("/api/sending/hold", HoldAsync).Requires(ApiAccess.Admin).WithTags("Operations")
            .WithSummary("Stop everything that leaves; leads are still taken in")
            .Accepts<Body>("application/json").Produces(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(403);
        routes.MapPut("/api/sending/release", ReleaseAsync).Requires(ApiAccess.Admin).WithTags("Operations")
            .WithSummary("Open sending again after a restore, a failover or a hold")
            .Accepts<Body>("application/json").Produces(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(403).ProducesProblem(409);
    }

    private static async Task<IResult> ShowAsync(SendingLock sending, CancellationToken cancellation) => await AnswerAsync(sending, cancellation);

    private static Task<IResult> HoldAsync(HttpContext http, SendingLock sending) => CommandAsync(http, async reason =>
    {
        await sending.HoldAsync(reason, ApiScope.Of(http).Caller.Actor, http.RequestAborted);
        return await AnswerAsync(sending, http.RequestAborted);
    });

    private static Task<IResult> ReleaseAsync(HttpContext http, SendingLock sending) => CommandAsync(http, async reason =>
        await sending.ReleaseAsync(reason, ApiScope.Of(http).Caller.Actor, http.RequestAborted) is null
            ? Problems.Of(409, "not-closed", "Sending is open; there is nothing to release.")
            : await AnswerAsync(sending, http.RequestAborted));

    private static async Task<IResult> CommandAsync(HttpContext http, Func<string, Task<IResult>> command)
    {
        var (body, refusal) = await RequestJson.ReadAsync(http, ApiJson.Default.SendingBody);
        if (body is null)
        {
            return refusal!;
        }

        if (ApiScope.Of(http).Caller.Business is not null)
        {
            return Problems.Of(403, "not-allowed", "This concerns every business: use an admin key of the whole service.");
        }

        return string.IsNullOrWhiteSpace(body.Reason) || body.Reason.Length > LongestReason
            ? RequestJson.Wrong("reason", $"Say why, in 1 to {LongestReason} characters.")
            : await command(SafeText.Line(body.Reason, LongestReason));
    }

    private static async Task<IResult> AnswerAsync(SendingLock sending, CancellationToken cancellation)
    {
        var closed = await sending.ClosedAsync(cancellation);
        var history = await sending.HistoryAsync(cancellation);
        return new JsonAnswer(json => Write(json, closed, history));
    }

    private static void Write(Utf8JsonWriter json, SendingClosed? closed, IReadOnlyList<SendingOperation> history)
    {
        json.WriteStartObject();
        json.WriteString("sending", closed is null ? "open" : "closed");
        if (closed is not null)
        {
            json.WriteString("reason", closed.Reason);
            json.WriteInstant("since", closed.Since);
            json.WriteString("by", closed.SetBy);
            json.WriteNumber("waiting", closed.Waiting);
        }

        json.WriteStartArray("history");
        foreach (var operation in history)
        {
            json.WriteStartObject();
            json.WriteInstant("at", operation.At);
            json.WriteString("by", operation.Actor);
            json.WriteString("kind", operation.Kind);
            json.WriteString("reason", operation.Reason);
            if (operation.Doubtful is { } doubtful)
            {
                json.WriteNumber("doubtful", doubtful);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
