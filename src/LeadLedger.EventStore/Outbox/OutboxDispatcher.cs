using System.Collections.Frozen;
using LeadLedger.EventStore.Faults;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace LeadLedger.EventStore.Outbox;

/// <summary>Claims due work and hands it to its handlers. It has no loop, so that a test decides when it runs.</summary>
public sealed partial class OutboxDispatcher(
    OutboxClaims claims, IEnumerable<IOutboxHandler> handlers, IClock clock, ILogger<OutboxDispatcher> log)
{
    private const int ClaimedAtOnce = 64;

    private readonly FrozenDictionary<string, IOutboxHandler> _handlers = handlers
        .SelectMany(handler => handler.Kinds.Select(kind => KeyValuePair.Create(kind, handler)))
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Works everything that is due now, once.</summary>
    /// <returns>How many rows were claimed.</returns>
    public async Task<int> RunDueAsync(CancellationToken cancellation = default)
    {
        var items = await claims.ClaimAsync(clock.GetCurrentInstant(), ClaimedAtOnce, cancellation);
        if (items.Count > 0)
        {
            FailPoint.Hit(FailPoints.OutboxClaimed);
        }

        await Task.WhenAll(items.Select(item => HandleAsync(item, cancellation)));
        return items.Count;
    }

    /// <summary>Looks after rows whose worker did not come back.</summary>
    public async Task RecoverAsync(CancellationToken cancellation = default)
    {
        foreach (var item in await claims.ExpiredAsync(clock.GetCurrentInstant(), cancellation))
        {
            if (item.State == OutboxStates.Calling && _handlers.TryGetValue(item.Kind, out var handler))
            {
                await handler.AbandonedAsync(item, cancellation);
            }
            else
            {
                await claims.ReleaseAsync(item, cancellation);
            }
        }
    }

    private async Task HandleAsync(OutboxItem item, CancellationToken cancellation)
    {
        try
        {
            if (_handlers.TryGetValue(item.Kind, out var handler))
            {
                await handler.HandleAsync(item, cancellation);
            }
            else
            {
                LogUnknown(log, item.Kind, item.Id);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The row stays claimed until its lease ends; then it is tried again, and parked when that goes on.
            LogFailed(log, item.Kind, item.Id, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "No handler for work of kind {Kind} ({Id}); it stays until a version that knows it runs")]
    private static partial void LogUnknown(ILogger logger, string kind, Guid id);

    [LoggerMessage(Level = LogLevel.Error, Message = "Work of kind {Kind} ({Id}) did not end; it will be tried again")]
    private static partial void LogFailed(ILogger logger, string kind, Guid id, Exception exception);
}
