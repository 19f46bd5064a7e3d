using System.Collections.Frozen;
using LeadLedger.EventStore.Faults;
using LeadLedger.Intake.Spool;

namespace LeadLedger.Intake.Webhooks;

/// <summary>
/// Takes authentic webhooks in: into the ledger, or, when that cannot be had, onto the disk, from where they are replayed in order. Nothing is
/// answered with success before it is in one of them (I2).
/// </summary>
public sealed partial class WebhookIntake
{
    private readonly FrozenDictionary<string, WebhookRoute> _routes;
    private readonly Deliveries _deliveries;
    private readonly WebhookSpool _spool;
    private readonly DatabaseWatch _watch;
    private readonly IntakeCounters _counters;
    private readonly SpoolTiming _timing;
    private readonly ILogger<WebhookIntake> _log;

    public WebhookIntake(
        IEnumerable<IWebhookRoutes> routes, Deliveries deliveries, WebhookSpool spool, DatabaseWatch watch, IntakeCounters counters, SpoolTiming timing, ILogger<WebhookIntake> log)
    {
        _routes = routes.SelectMany(each => each.Routes).ToFrozenDictionary(route => route.Name, StringComparer.Ordinal);
        _deliveries = deliveries;
        _spool = spool;
        _watch = watch;
        _counters = counters;
        _timing = timing;
        _log = log;
    }

    /// <summary>Takes a webhook in that was just received.</summary>
    public async Task<IResult> TakeAsync(HttpContext http, Webhook webhook)
    {
        var source = new AcceptedCount.Source(webhook.Route);
        http.Features.Set(source);
        var route = RouteOf(webhook);
        // Behind what is kept already: a newer webhook must not overtake an older one.
        if (!_watch.IsAway && _spool.Depth == 0)
        {
            var taken = await RunAsync(route, webhook, _timing.Patience);
            if (taken.Kind != Deliveries.ResultKind.Unavailable)
            {
                source.IsStored = taken.Kind < Deliveries.ResultKind.Unavailable;
                _counters.Stored(webhook.Route, taken.Kind);
                if (taken.Kind == Deliveries.ResultKind.Busy)
                {
                    _counters.Refused(webhook.Route);
                }

                return taken.Answer;
            }
        }

        try
        {
            // Shut before the webhook is answered: it may be an opt-out.
            var kept = _spool.AppendAsync(WebhookBytes.Write(webhook));
            _watch.ReportKept();
            await kept.WaitAsync(_timing.DiskPatience);
            _counters.Spooled(webhook.Route);
            source.IsStored = true;
            return route.Kept(webhook);
        }
        catch (Exception problem) when (problem is SpoolRefusedException or FailPointException or TimeoutException)
        {
            LogRefused(_log, webhook.Route, problem is TimeoutException ? "the disk did not take it in time" : problem.Message);
            _counters.Refused(webhook.Route);
            return WebhookAnswers.Unavailable;
        }
    }

    /// <summary>Takes a kept webhook in.</summary>
    /// <returns>How it ended; Refused when only a person can help.</returns>
    public async Task<Deliveries.ResultKind> ReplayAsync(Webhook webhook, TimeSpan patience)
    {
        try
        {
            var taken = await RunAsync(RouteOf(webhook), webhook, patience);
            _counters.Drained(webhook.Route, taken.Kind);
            return taken.Kind;
        }
        catch (Exception exception)
        {
            // A defect of ours must not keep every later webhook from the ledger.
            LogNotReplayed(_log, webhook.Route, exception);
            return Deliveries.ResultKind.Refused;
        }
    }

    /// <summary>Keeps a webhook that cannot be replayed for a person to look at; false when it cannot be stored now.</summary>
    public async Task<bool> QuarantineAsync(Webhook webhook, string problem)
    {
        var key = $"kept:{Convert.ToHexStringLower(WebhookBody.Sha256(webhook.Body).AsSpan(0, 16))}";
        var result = await _deliveries.QuarantineAsync(Deliveries.ReceiptOf(webhook, webhook.Tenants[0], webhook.Route, key), "system", problem);
        _counters.Drained(webhook.Route, result.Kind);
        return result.IsStored;
    }

    private WebhookRoute RouteOf(Webhook webhook)
    {
        var end = webhook.Route.IndexOf(':', StringComparison.Ordinal);
        return _routes[end < 0 ? webhook.Route : webhook.Route[..end]];
    }

    private async Task<Taken> RunAsync(WebhookRoute route, Webhook webhook, TimeSpan patience)
    {
        // Not the request's own token: a sender that hangs up does not undo what it sent.
        var running = route.Run(webhook, CancellationToken.None);
        try
        {
            var taken = await running.WaitAsync(patience);
            if (taken.Kind == Deliveries.ResultKind.Unavailable)
            {
                _watch.ReportAway("the database did not store a delivery");
            }

            return taken;
        }
        catch (Exception exception) when (StorageTrouble.IsAway(exception))
        {
            _watch.ReportAway(exception is TimeoutException ? "the database did not confirm in time" : exception.Message);
            if (!running.IsCompleted)
            {
                // It may still be committed; the replay then finds its receipt.
                _ = running.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }

            return new Taken(Deliveries.ResultKind.Unavailable, WebhookAnswers.Unavailable);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A webhook from {Source} could be stored neither in the database nor on the disk, and its sender was told to come back: {Reason}")]
    private static partial void LogRefused(ILogger logger, string source, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A kept webhook from {Source} cannot be taken in")]
    private static partial void LogNotReplayed(ILogger logger, string source, Exception exception);
}
