using LeadLedger.Hosting;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;

namespace LeadLedger.Staff.Live;

/// <summary>The stream of server-sent events behind every live page: it only says that something changed, the page fetches itself.</summary>
public static class LiveEndpoint
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ShortestGap = TimeSpan.FromSeconds(1);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPage("/live", PageAccess.Read, HandleAsync);

    private static async Task HandleAsync(HttpContext http, string? topic, LiveFeed feed, StaffSessions sessions, StaffCookie cookie, IHostApplicationLifetime lifetime)
    {
        using var page = feed.Listen(ApiScope.Of(http).Tenants, Guid.TryParse(topic, out var lead) ? lead : null);
        if (page is null)
        {
            http.Response.Headers.RetryAfter = "30";
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        http.Response.ContentType = "text/event-stream";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await SayAsync(http, "retry: 2000\n\n", ends.Token);
            while (true)
            {
                if (await ChangedAsync(page, ends.Token))
                {
                    await SayAsync(http, "event: change\ndata: 1\n\n", ends.Token);

                    // The more pages are open, the rarer each is told when everything changes all the time.
                    using var gap = new PeriodicTimer(ShortestGap + TimeSpan.FromMilliseconds(50 * feed.Open));
                    await gap.WaitForNextTickAsync(ends.Token);
                    continue;
                }

                if (await sessions.FindAsync(cookie.Read(http), ends.Token) is null)
                {
                    return;
                }

                await SayAsync(http, ": still here\n\n", ends.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The page was closed, or the service stops.
        }
    }

    private static async Task<bool> ChangedAsync(LivePage page, CancellationToken cancellation)
    {
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        quiet.CancelAfter(Heartbeat);
        try
        {
            return await page.Changes.ReadAsync(quiet.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task SayAsync(HttpContext http, string text, CancellationToken cancellation)
    {
        await http.Response.WriteAsync(text, cancellation);
        await http.Response.Body.FlushAsync(cancellation);
    }
}
