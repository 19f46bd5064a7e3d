namespace LeadLedger.Hosting;

/// <summary>
/// Bounds what requests may hold at once: deliveries beyond the places are told to come back before their body is read, a delivery
/// that is sent too slowly is cut off, and so is every request that outlasts the stop.
/// </summary>
public sealed class RequestBounds(RequestDelegate next, IntakePlaces places, Draining draining)
{
    /// <summary>Longest a delivery may take, its body included: more than the writer's patience, less than the stop.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private const string Deliveries = "/api/webhooks";

    public async Task InvokeAsync(HttpContext http)
    {
        await using var end = draining.RequestsEnd.Register(http.Abort);
        if (!http.Request.Path.StartsWithSegments(Deliveries, StringComparison.OrdinalIgnoreCase))
        {
            await next(http);
            return;
        }

        if (!places.TryTake())
        {
            http.Response.Headers.RetryAfter = IntakePlaces.RetryAfterSeconds;
            await Problems.Of(503, "busy", "More deliveries are coming in than can be stored at once. Send it again; nothing was lost or done.")
                .ExecuteAsync(http);
            return;
        }

        try
        {
            using var late = new CancellationTokenSource(Longest);
            await using var cut = late.Token.Register(http.Abort);
            await next(http);
        }
        finally
        {
            places.Leave();
        }
    }
}
