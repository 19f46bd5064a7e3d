using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.EventStore.Inbox;
using LeadLedger.EventStore.Writing;
using LeadLedger.Hosting;
using LeadLedger.Intake;
using LeadLedger.Intake.Ghl;
using LeadLedger.Intake.Twilio;
using LeadLedger.Intake.Webhooks;
using LeadLedger.Leads;
using LeadLedger.Sending;
using NodaTime;

namespace LeadLedger.Reading;

/// <summary>
/// Reads a quarantined delivery again, with the code and the business file as they are now. It is committed under a receipt of its own, so
/// that replaying twice, or again after a crash, takes it in once.
/// </summary>
public static class ReplayDelivery
{
    /// <summary>The body of the request.</summary>
    /// <param name="Source">As GET /api/quarantine shows it.</param>
    /// <param name="Key">As GET /api/quarantine shows it.</param>
    public sealed record Body(string? Source, string? Key);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/quarantine/replay", HandleAsync).Requires(ApiAccess.Write).WithTags("Operations")
            .WithSummary("Read a quarantined delivery again")
            .Accepts<Body>("application/json")
            .Produces(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);

    private static async Task<IResult> HandleAsync(
        HttpContext http, KeptDeliveries kept, BusinessDirectory directory, TwilioAccounts accounts, ServiceAddress address, LedgerWriter writer, IClock clock)
    {
        var (body, refusal) = await RequestJson.ReadAsync(http, ApiJson.Default.ReplayDeliveryBody);
        if (body is null)
        {
            return refusal!;
        }

        if (Unusable(body.Source))
        {
            return RequestJson.Wrong("source", "Name the source as GET /api/quarantine shows it.");
        }

        if (Unusable(body.Key))
        {
            return RequestJson.Wrong("key", "Name the key as GET /api/quarantine shows it.");
        }

        var scope = ApiScope.Of(http);
        if (await kept.FindAsync(scope.Tenants, body.Source!, body.Key!, http.RequestAborted) is not { } found)
        {
            return Problems.Of(404, "unknown-delivery", "There is no such delivery, or this key does not see it.");
        }

        var (receipt, outcome) = found;
        if (outcome != ReceiptOutcomes.Quarantined)
        {
            return Problems.Of(409, "not-quarantined", $"This delivery is not in quarantine; it ended as {outcome}.");
        }

        var business = BusinessOf(receipt, scope, directory, accounts);
        if (RequestOf(receipt, business, address.Links) is not { } request)
        {
            return Problems.Of(422, "still-unreadable",
                "It still cannot be read. Compare its body with what the source sends, and with the form's fields or the lines in the business file.");
        }

        try
        {
            var answer = await writer.WriteAsync(new WriteRequest<string?>(unit =>
            {
                if (unit.Earlier is { } earlier)
                {
                    return earlier.AnswerJson;
                }

                var (json, stream) = request.Decide(unit);
                unit.Conclude(ReceiptOutcomes.Accepted, json, null, stream);
                return json;
            })
            {
                Now = clock.GetCurrentInstant(),
                Actor = scope.Caller.Actor,
                CausationId = $"delivery:{receipt.Source}:{receipt.Key}",
                Receipt = receipt with { Tenant = business.Id, Key = $"replay~{receipt.Key}" },
                Gates = request.Gates,
                Streams = request.Streams,
                OutboxRows = request.OutboxRows,
            });
            await kept.MarkReplayedAsync(receipt, answer);
            return Results.Content(answer ?? "{}", "application/json");
        }
        catch (DecisionFailedException)
        {
            return Problems.Of(422, "still-undecided", "It can be read but not decided; it stays in quarantine. The log has the reason.");
        }
    }

    /// <summary>What a kept delivery asks of the ledger, read as it was received then; null when it still cannot be read.</summary>
    public static DeliveryRequest? RequestOf(Receipt receipt, Business business, StaffLinks links)
    {
        if (receipt.Source.StartsWith("twilio.", StringComparison.Ordinal))
        {
            return TwilioReports.Of(
                receipt.Source, business, FormBody.Read(receipt.Body, receipt.ContentType).Pairs, receipt.ReceivedAt, links);
        }

        var payload = PayloadDocument.Read(receipt.Body, receipt.ContentType);
        if (receipt.Source == GhlEndpoint.Source)
        {
            var delivery = GhlReader.Read(payload, receipt.ReceivedAt);
            return delivery.Problems.Count == 0 ? GhlEndpoint.Request(business, delivery, receipt.ReceivedAt, links) : null;
        }

        var headers = JsonSerializer.Deserialize<Dictionary<string, string>>(receipt.HeadersJson) ?? [];
        return receipt.Source.StartsWith("form:", StringComparison.Ordinal)
            && business.FormOf(receipt.Source["form:".Length..]) is { } form
            && FormEdge.Read(form, business, payload, receipt.Query,
                name => headers.FirstOrDefault(pair => string.Equals(pair.Key, name, StringComparison.OrdinalIgnoreCase)).Value) is FormReading.Accepted accepted
            ? CaptureForm.Request(business, form, accepted.Submission, null, receipt.ReceivedAt, links)
            : null;
    }

    // A call on a line that was configured since belongs to the business that has the line now, as far as the key sees it.
    private static Business BusinessOf(Receipt receipt, ApiScope scope, BusinessDirectory directory, TwilioAccounts accounts)
    {
        var kept = scope.Find(receipt.Tenant)!;
        if (!receipt.Source.StartsWith("twilio.", StringComparison.Ordinal))
        {
            return kept;
        }

        var account = accounts.SidOf(kept);
        var called = TwilioCallRequest.Read(FormBody.Read(receipt.Body, receipt.ContentType).Pairs).To;
        Business[] candidates = [.. directory.All.Where(b => accounts.SidOf(b) == account && scope.Find(b.Id) is not null)];
        return BusinessDirectory.OfNumber(candidates, called) ?? kept;
    }

    private static bool Unusable(string? text) =>
        string.IsNullOrEmpty(text) || text.Length > 300 || text.Contains('\0', StringComparison.Ordinal) || SafeText.Clean(text) != text;
}
