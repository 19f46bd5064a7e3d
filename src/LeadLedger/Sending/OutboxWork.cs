using System.Diagnostics;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Faults;
using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Writing;
using NodaTime;

namespace LeadLedger.Sending;

/// <summary>Commits what a handler found out, in the transaction that also closes its row, and only while the row is still its own.</summary>
public sealed class OutboxWork(LedgerWriter writer, IClock clock, TextGate texts, OutboxTiming timing)
{
    private static readonly Duration UntilTextsMayLeave = Duration.FromSeconds(1);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(250);

    public Instant Now => clock.GetCurrentInstant();

    /// <summary>Runs a decision about a lead while the row is locked.</summary>
    /// <param name="item">The row as it was claimed.</param>
    /// <param name="expected">The state it must still be in.</param>
    /// <param name="gates">Gate rows to lock.</param>
    /// <param name="decide">Decides and changes the row.</param>
    /// <param name="rows">Further work items to lock.</param>
    /// <returns>What the decision answers; null when another worker has taken the row over.</returns>
    public Task<T?> CommitAsync<T>(
        OutboxItem item, string expected, IReadOnlyList<GateKey> gates, Func<WriteUnit, T> decide, IReadOnlyList<Guid>? rows = null)
        where T : class =>
        WriteAsync(item, gates, rows, unit => IsOurs(unit, item, expected) && !GiveBack(unit, item.Id) ? decide(unit) : null);

    /// <summary>
    /// Commits what a call answered. Nobody else knows the answer, so while the lease lasts it is tried again when the database cannot
    /// take it: a moment's trouble must not make a text that arrived one "that may have arrived". A hold that came meanwhile undoes nothing.
    /// </summary>
    /// <inheritdoc cref="CommitAsync" path="/param"/>
    /// <returns>What the decision answers; null when another worker has taken the row over, or an earlier try was committed after all.</returns>
    public async Task<T?> ConcludeAsync<T>(OutboxItem item, string expected, IReadOnlyList<GateKey> gates, Func<WriteUnit, T> decide)
        where T : class
    {
        var begun = Stopwatch.GetTimestamp();
        using var pause = new PeriodicTimer(BetweenTries);
        while (true)
        {
            try
            {
                return await WriteAsync(item, gates, null, unit => IsOurs(unit, item, expected) ? decide(unit) : null);
            }
            catch (Exception exception) when (exception is LedgerUnavailableException or LedgerBusyException
                && Stopwatch.GetElapsedTime(begun) < timing.Lease.ToTimeSpan())
            {
                await pause.WaitForNextTickAsync();
            }
        }
    }

    private Task<T?> WriteAsync<T>(OutboxItem item, IReadOnlyList<GateKey> gates, IReadOnlyList<Guid>? rows, Func<WriteUnit, T?> decide)
        where T : class =>
        writer.WriteAsync(new WriteRequest<T?>(decide)
        {
            Now = Now,
            Actor = "system",
            CausationId = $"outbox:{item.Id}",
            Gates = gates,
            Streams = item.StreamId is { } stream ? [new StreamKey(item.Tenant, stream)] : [],
            OutboxRows = rows is null ? [item.Id] : [item.Id, .. rows],
        });

    /// <summary>When the next attempt is, counted from the attempts made; null when the ladder has ended.</summary>
    public static Instant? NextAttempt(OutboxItem item, Instant now) =>
        RetryLadder.After(item.Id, item.Attempts) is { } wait ? now + wait : null;

    public static OutboxChange To(OutboxItem item, string state, Instant? dueAt = null, string? error = null, string? providerId = null) =>
        new() { Id = item.Id, Tenant = item.Tenant, State = state, DueAt = dueAt, Error = error, ProviderId = providerId };

    // A hold that came between the claim and the mark: the row waits like every other of its scope, and the attempt does not count.
    private bool GiveBack(WriteUnit unit, Guid id)
    {
        if (unit.OutboxRow(id) is not { State: OutboxStates.Claimed } row)
        {
            return false;
        }

        if (row.Held)
        {
            unit.Change(To(row, OutboxStates.Pending) with { Uncount = true });
            return true;
        }

        if (IsText(row) && !texts.IsOpen)
        {
            unit.Change(To(row, OutboxStates.Pending, Now + UntilTextsMayLeave) with { Uncount = true });
            return true;
        }

        return false;
    }

    private static bool IsText(OutboxItem row) =>
        row.Scope is { } scope && (scope == SendingScopes.Texts || scope.StartsWith(SendingScopes.Texts + ":", StringComparison.Ordinal));

    private static bool IsOurs(WriteUnit unit, OutboxItem item, string expected) =>
        unit.OutboxRow(item.Id) is { } row && row.State == expected
        && (row.Fence == item.Fence || PlantedDefect.Is(Defects.LeaseWithoutFence));
}
