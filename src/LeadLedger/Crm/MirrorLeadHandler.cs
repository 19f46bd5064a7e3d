using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Writing;
using LeadLedger.Intake;
using LeadLedger.Leads;
using LeadLedger.Pausing;
using LeadLedger.Sending;
using NodaTime;

namespace LeadLedger.Crm;

/// <summary>
/// Mirrors a lead to a CRM webhook, signed as Standard Webhooks. It always posts the current lead under the lead's own id, so a
/// repeat after a lost answer updates the same record (TST-07), and an older version never follows a newer one.
/// </summary>
public sealed class MirrorLeadHandler(
    OutboxWork work, Ledger ledger, HttpClient http, BusinessDirectory businesses, CallDeadline callDeadline, PauseKeeper keeper) : IOutboxHandler
{
    // The pause itself keeps it waiting; this only keeps a probe that failed from going again before it was looked at.
    private static readonly Duration WhilePaused = Duration.FromSeconds(30);

    public IReadOnlyCollection<string> Kinds { get; } = [WorkKinds.MirrorLead];

    public async Task HandleAsync(OutboxItem item, CancellationToken cancellation)
    {
        var body = JsonSerializer.Deserialize(item.Body, LedgerJsonContext.Default.MirrorLead)!;
        var business = businesses.Find(item.Tenant);
        var target = business?.Crm.FirstOrDefault(crm => crm.Name == body.Target);
        var lead = await ledger.LoadAsync(LeadStreams.Lead, new StreamKey(item.Tenant, item.StreamId!.Value), cancellation);
        if (business is null || target is null || lead is null)
        {
            await CloseAsync(item, OutboxStates.Cancelled, "the target is no longer configured");
            return;
        }

        if (lead.CrmVersions.GetValueOrDefault(target.Name) >= body.LeadVersion)
        {
            await CloseAsync(item, OutboxStates.Done, null);
            return;
        }

        var (result, externalId) = lead.TestMode || business.TestMode
            ? (new SendResult.Accepted("test") { RecordedOnly = true }, null)
            : await PostAsync(item, target, lead, cancellation);
        await keeper.HeardAsync(business, SendingScopes.Crm(target.Name), AboutTarget(result));
        await ConcludeAsync(item, business, target, lead, result, externalId);
    }

    public Task AbandonedAsync(OutboxItem item, CancellationToken cancellation) => Task.CompletedTask;

    private async Task<(SendResult Result, string? ExternalId)> PostAsync(
        OutboxItem item, CrmTarget target, Lead lead, CancellationToken cancellation)
    {
        if (target.SigningSecret.Reveal() is not { } secret)
        {
            return (new SendResult.NotSent("the signing secret is not set"), null);
        }

        var payload = JsonSerializer.SerializeToUtf8Bytes(LeadMirror.Of(lead, work.Now), LeadMirrorJson.Default.LeadMirror);
        var id = $"msg_{item.Id:N}";
        var timestamp = work.Now;
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = new ByteArrayContent(payload) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", StandardWebhooks.Sign([secret], id, timestamp, payload));
        request.Headers.Add("Idempotency-Key", $"{lead.Id:N}-{lead.Version}");
        using var deadline = callDeadline.Start(cancellation);
        try
        {
            using var response = await http.SendAsync(request, deadline.Token);
            if (response.IsSuccessStatusCode)
            {
                return (new SendResult.Accepted(id), await ExternalIdAsync(response, deadline.Token));
            }

            // RTY-02: only time-outs, rate limits and server errors are worth another try.
            var status = (int)response.StatusCode;
            return (status >= 500 || status is 408 or 425 or 429
                ? new SendResult.NotSent($"the CRM answered {status}")
                : new SendResult.Refused(status.ToString(CultureInfo.InvariantCulture), $"the CRM refused with {status}"), null);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            return (new SendResult.NotSent("the CRM did not answer in time"), null);
        }
    }

    private static async Task<string?> ExternalIdAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentLength is not (> 0 and < 65536))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("id", out var id)
                && id.ValueKind == JsonValueKind.String ? SafeText.Line(id.GetString()!, 100) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private Task ConcludeAsync(
        OutboxItem item, Business business, CrmTarget target, Lead sent, SendResult result, string? externalId) =>
        work.ConcludeAsync(item, OutboxStates.Claimed, [], unit =>
        {
            var session = new LeadSession(unit, business, item.StreamId!.Value);
            switch (result)
            {
                case SendResult.Accepted:
                    session.Record(new CrmMirrored
                    {
                        Target = target.Name,
                        ExternalId = externalId,
                        LeadVersion = sent.Version,
                        Attempts = item.Attempts,
                    });
                    unit.Change(OutboxWork.To(item, OutboxStates.Done));
                    break;
                case SendResult.NotSent notSent when IsPaused(unit, business, target):
                    // The CRM is away, not this lead wrong: the lead waits with the others and loses no attempt.
                    session.Record(new CrmMirrorFailed(target.Name, notSent.Error, item.Attempts));
                    unit.Change(OutboxWork.To(item, OutboxStates.Pending, session.Now + WhilePaused, notSent.Error) with { Uncount = true });
                    break;
                case SendResult.NotSent notSent when OutboxWork.NextAttempt(item, session.Now) is { } at:
                    session.Record(new CrmMirrorFailed(target.Name, notSent.Error, item.Attempts));
                    unit.Change(OutboxWork.To(item, OutboxStates.Pending, at, notSent.Error));
                    break;
                default:
                    var error = result is SendResult.Refused refused ? refused.Error : (result as SendResult.NotSent)?.Error ?? "unknown";
                    session.Record(new CrmMirrorFailed(target.Name, error, item.Attempts));
                    unit.Change(OutboxWork.To(item, OutboxStates.Parked, error: error));
                    break;
            }

            unit.Record(new OutboxAttempt(
                item.Id, item.Tenant, item.Fence, "outcome", null, result.GetType().Name.ToLowerInvariant(), (result as SendResult.NotSent)?.Error));
            return session.Lead;
        });

    // Refused for what we are, not for what the lead is: that is trouble with the CRM as well.
    private static SendResult AboutTarget(SendResult result) =>
        result is SendResult.Refused { Code: "401" or "403" or "404" or "410" } refused ? new SendResult.NotSent(refused.Error) : result;

    private static bool IsPaused(WriteUnit unit, Business business, CrmTarget target)
    {
        var operations = OperationsStream.Of(business.Id);
        unit.Require([], [operations]);
        return unit.State<Operations>(operations)?.Pauses.Any(pause => pause.Covers(SendingScopes.Crm(target.Name))) == true;
    }

    private Task CloseAsync(OutboxItem item, string state, string? error) =>
        work.CommitAsync(item, OutboxStates.Claimed, [], unit =>
        {
            unit.Change(OutboxWork.To(item, state, error: error));
            return item;
        });
}
