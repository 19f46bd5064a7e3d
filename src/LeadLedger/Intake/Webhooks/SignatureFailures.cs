using System.Collections.Concurrent;
using NodaTime;

namespace LeadLedger.Intake.Webhooks;

/// <summary>Deliveries to one address that did not prove who sent them.</summary>
/// <param name="Address">The address, such as <c>/api/webhooks/twilio/voice</c>.</param>
/// <param name="Count">How many since this process started.</param>
/// <param name="LastAt">The latest.</param>
public sealed record SignatureFailure(string Address, long Count, Instant LastAt);

/// <summary>
/// Counts webhooks that were turned away because their signature, secret or origin was missing or wrong. Nothing of them is stored: only
/// whoever set up the source can say whether they were real.
/// </summary>
public sealed class SignatureFailures(IClock clock)
{
    private readonly ConcurrentDictionary<string, SignatureFailure> _byAddress = new(StringComparer.Ordinal);

    public IReadOnlyList<SignatureFailure> All => [.. _byAddress.Values.OrderBy(failure => failure.Address, StringComparer.Ordinal)];

    /// <summary>Counts the answer to a webhook when it was such a refusal; addresses come from routes and configured forms, so they are few.</summary>
    public void Look(HttpContext http)
    {
        if (http.Response.StatusCode is not (StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden))
        {
            return;
        }

        var route = "/" + ((http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "").TrimStart('/');
        var address = http.Request.RouteValues["form"] is string form ? route.Replace("{form}", form, StringComparison.Ordinal) : route;
        var now = clock.GetCurrentInstant();
        _byAddress.AddOrUpdate(
            address, each => new SignatureFailure(each, 1, now), (_, known) => known with { Count = known.Count + 1, LastAt = now });
    }
}
