using System.Collections.Concurrent;
using System.Collections.Frozen;
using LeadLedger.EventStore.Faults;
using LeadLedger.EventStore.Writing;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

namespace LeadLedger.EventStore.Outbox;

/// <summary>
/// Claims due work and hands it to its handlers, a bounded number of each kind at a time: a kind whose calls hang fills its own
/// places and no others. It has no loop, so that a test decides when it runs.
/// </summary>
public sealed partial class OutboxDispatcher(
    OutboxClaims claims, IEnumerable<IOutboxHandler> handlers, OutboxTenants tenants, IParkedWork parked, IClock clock, OutboxTiming timing,
    ILogger<OutboxDispatcher> log)
{
    /// <summary>Most rows of one kind under way in this process.</summary>
    public const int MaxOfKind = 16;

    private const int LongestError = 300;

    private static readonly Duration PutOff = Duration.FromMinutes(1);
    private static readonly Duration PutOffWhenAway = Duration.FromSeconds(5);

    private readonly FrozenDictionary<string, IOutboxHandler> _handlers = handlers
        .SelectMany(handler => handler.Kinds.Select(kind => KeyValuePair.Create(kind, handler)))
        .ToFrozenDictionary(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<Guid, Running> _running = new();

    /// <summary>Raised when a row was ended and its place is free: more of its kind, or the next of its lane, may be due.</summary>
    public event Action? PlaceFreed;

    /// <summary>Rows under way in this process.</summary>
    public int UnderWay => _running.Count;

    /// <summary>Works everything that is due now and has a place, once, and waits for it.</summary>
    /// <returns>How many rows were claimed.</returns>
    public async Task<int> RunDueAsync(CancellationToken cancellation = default)
    {
        var started = await StartDueAsync(cancellation);
        await Task.WhenAll(started);
        return started.Count;
    }

    /// <summary>Claims what is due and has a place, and begins it.</summary>
    /// <param name="cancellation">Ends the calls that are begun; the claim itself is never interrupted.</param>
    /// <returns>What was begun; each ends without an exception.</returns>
    public async Task<IReadOnlyList<Task>> StartDueAsync(CancellationToken cancellation)
    {
        var free = FreePlaces();
        if (free.Count == 0)
        {
            return [];
        }

        var now = PlantedDefect.Is(Defects.FireEarly) ? clock.GetCurrentInstant() + Duration.FromHours(1) : clock.GetCurrentInstant();
        var items = await claims.ClaimAsync(now, MaxOfKind, CancellationToken.None, free);
        if (items.Count > 0)
        {
            FailPoint.Hit(FailPoints.OutboxClaimed);
        }

        return [.. items.Select(item => Begin(item, cancellation))];
    }

    /// <summary>Looks after rows whose worker did not come back, one by one: a row that cannot be helped does not stop the others.</summary>
    public async Task RecoverAsync(CancellationToken cancellation = default)
    {
        var now = clock.GetCurrentInstant();
        var seen = new HashSet<Guid>();
        while (await claims.ExpiredAsync(now, cancellation, seen) is { Count: > 0 } expired)
        {
            foreach (var item in expired)
            {
                FailPoint.Hit(FailPoints.OutboxRecovering);
                await RecoverAsync(item, now, cancellation);
                seen.Add(item.Id);
            }
        }

        foreach (var kind in (await claims.SetAsideUnknownAsync(now, now + PutOff, _handlers.Keys, cancellation)).Distinct(StringComparer.Ordinal))
        {
            LogUnknown(log, kind);
        }
    }

    /// <summary>Waits for what is under way, and gives back what did not get as far as a call: others take it at once, not after its lease.</summary>
    /// <param name="patience">How long calls may still take.</param>
    /// <param name="calls">Is cancelled when they have taken that long.</param>
    public async Task DrainAsync(TimeSpan patience, CancellationTokenSource calls)
    {
        var all = Task.WhenAll(_running.Values.Select(running => running.Work));
        if (!await EndsWithinAsync(all, patience))
        {
            await calls.CancelAsync();
            await EndsWithinAsync(all, TimeSpan.FromSeconds(2));
        }

        foreach (var running in _running.Values)
        {
            await claims.ReleaseAsync(running.Item, CancellationToken.None, uncount: true);
        }
    }

    private static async Task<bool> EndsWithinAsync(Task all, TimeSpan patience)
    {
        try
        {
            await all.WaitAsync(patience);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private Dictionary<string, int> FreePlaces()
    {
        var taken = _running.Values.CountBy(running => running.Item.Kind, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        return _handlers
            .Select(handler => (Kind: handler.Key, Free: handler.Value.Places - taken.GetValueOrDefault(handler.Key)))
            .Where(place => place.Free > 0)
            .ToDictionary(place => place.Kind, place => place.Free, StringComparer.Ordinal);
    }

    private Task Begin(OutboxItem item, CancellationToken cancellation)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[item.Id] = new Running(item, ended.Task);
        return Task.Run(
            async () =>
            {
                try
                {
                    await HandleAsync(item, cancellation);
                }
                finally
                {
                    _running.TryRemove(item.Id, out _);
                    ended.SetResult();
                    PlaceFreed?.Invoke();
                }
            },
            CancellationToken.None);
    }

    private async Task HandleAsync(OutboxItem item, CancellationToken cancellation)
    {
        if (!tenants.Knows(item.Tenant))
        {
            LogUnconfigured(log, item.Kind, item.Id, item.Tenant);
            await ReturnAsync(item, PutOff, $"the business {item.Tenant} is not configured here", uncount: true);
            return;
        }

        using var call = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            // After its lease the row is looked after by others; a handler that still hangs then keeps no place.
            await _handlers[item.Kind].HandleAsync(item, call.Token).WaitAsync(timing.Lease.ToTimeSpan(), CancellationToken.None);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await ReturnAsync(item, Duration.Zero, null, uncount: true);
        }
        catch (Exception exception) when (exception is LedgerUnavailableException or LedgerBusyException or NpgsqlException)
        {
            // The database's fault, not the row's.
            LogAway(log, item.Kind, item.Id, exception.Message);
            await ReturnAsync(item, PutOffWhenAway, null, uncount: true);
        }
        catch (Exception exception)
        {
            await call.CancelAsync();
            LogFailed(log, item.Kind, item.Id, exception);
            await ReturnAsync(item, OutboxBackoff.AfterFailure(item), Describe(exception), uncount: false);
        }
    }

    private async Task RecoverAsync(OutboxItem item, Instant now, CancellationToken cancellation)
    {
        try
        {
            if (item.State != OutboxStates.Calling)
            {
                await ReturnAsync(item, OutboxBackoff.AfterLostWorker(item), "its worker did not come back", uncount: false);
            }
            else if (_handlers.TryGetValue(item.Kind, out var handler))
            {
                await handler.AbandonedAsync(item, cancellation);
            }
            else
            {
                LogUnknown(log, item.Kind);
            }
        }
        catch (Exception exception) when (exception is LedgerUnavailableException or LedgerBusyException or NpgsqlException)
        {
            LogAway(log, item.Kind, item.Id, exception.Message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(log, item.Kind, item.Id, exception);
            await claims.GiveUpAsync(item, Describe(exception), cancellation);
        }
    }

    /// <summary>Gives a row back that did not end; a row that was marked as calling meanwhile stays as it is.</summary>
    private async Task ReturnAsync(OutboxItem item, Duration wait, string? error, bool uncount)
    {
        try
        {
            var dueAt = wait == Duration.Zero ? (Instant?)null : clock.GetCurrentInstant() + wait;
            var state = await claims.ReleaseAsync(item, CancellationToken.None, dueAt, error, uncount);
            if (state == OutboxStates.Parked)
            {
                LogParked(log, item.Kind, item.Id, item.Attempts, error ?? "no reason");
                await parked.ParkedAsync(item, error ?? "no reason");
            }
        }
        catch (Exception exception)
        {
            // It stays claimed until its lease ends.
            LogAway(log, item.Kind, item.Id, exception.Message);
        }
    }

    private static string Describe(Exception exception)
    {
        var cause = exception is DecisionFailedException { InnerException: { } inner } ? inner : exception;
        var text = $"{cause.GetType().Name}: {cause.Message}".Replace('\0', ' ');
        return text.Length <= LongestError ? text : text[..LongestError];
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "No handler for work of kind {Kind}; it waits for a version that knows it")]
    private static partial void LogUnknown(ILogger logger, string kind);

    [LoggerMessage(Level = LogLevel.Error, Message = "Work of kind {Kind} ({Id}) is for the business {Tenant}, which is not configured here; it waits")]
    private static partial void LogUnconfigured(ILogger logger, string kind, Guid id, string tenant);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Work of kind {Kind} ({Id}) waits for the database: {Reason}")]
    private static partial void LogAway(ILogger logger, string kind, Guid id, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Work of kind {Kind} ({Id}) did not end; it will be tried again")]
    private static partial void LogFailed(ILogger logger, string kind, Guid id, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Work of kind {Kind} ({Id}) was given up after {Attempts} attempts and waits for a person: {Reason}")]
    private static partial void LogParked(ILogger logger, string kind, Guid id, int attempts, string reason);

    private sealed record Running(OutboxItem Item, Task Work);
}
