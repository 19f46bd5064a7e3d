using LeadLedger.EventStore;
using LeadLedger.EventStore.Faults;
using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Writing;
using NodaTime;

namespace LeadLedger.Sending;

/// <summary>Commits what a handler found out, in the transaction that also closes its row, and only while the row is still its own.</summary>
public sealed class OutboxWork(LedgerWriter writer, IClock clock)
{
    public Instant Now => clock.GetCurrentInstant();

    /// <summary>Runs a decision about a lead while the row is locked.</summary>
    /// <param name="item">The row as it was claimed.</param>
    /// <param name="expected">The state it must still be in.</param>
    /// <param name="gates">Gate rows to lock.</param>
    /// <param name="decide">Decides and changes the row.</param>
    /// <param name="afterCall">The call was made while the row was claimed: a hold that came meanwhile does not undo it.</param>
    /// <returns>What the decision answers; null when another worker has taken the row over.</returns>
    public Task<T?> CommitAsync<T>(
        OutboxItem item, string expected, IReadOnlyList<GateKey> gates, Func<WriteUnit, T> decide, bool afterCall = false)
        where T : class =>
        writer.WriteAsync(new WriteRequest<T?>(unit => IsOurs(unit, item, expected) && (afterCall || !GiveBack(unit, item.Id)) ? decide(unit) : null)
        {
            Now = Now,
            Actor = "system",
            CausationId = $"outbox:{item.Id}",
            Gates = gates,
            Streams = item.StreamId is { } stream ? [new StreamKey(item.Tenant, stream)] : [],
            OutboxRows = [item.Id],
        });

    /// <summary>When the next attempt is, counted from the attempts made; null when the ladder has ended.</summary>
    public static Instant? NextAttempt(OutboxItem item, Instant now) =>
        RetryLadder.After(item.Id, item.Attempts) is { } wait ? now + wait : null;

    public static OutboxChange To(OutboxItem item, string state, Instant? dueAt = null, string? error = null, string? providerId = null) =>
        new() { Id = item.Id, Tenant = item.Tenant, State = state, DueAt = dueAt, Error = error, ProviderId = providerId };

    // A hold that came between the claim and the mark: the row waits like every other of its scope, and the attempt does not count.
    private static bool GiveBack(WriteUnit unit, Guid id)
    {
        if (unit.OutboxRow(id) is not { State: OutboxStates.Claimed, Held: true } row)
        {
            return false;
        }

        unit.Change(To(row, OutboxStates.Pending) with { Uncount = true });
        return true;
    }

    private static bool IsOurs(WriteUnit unit, OutboxItem item, string expected) =>
        unit.OutboxRow(item.Id) is { } row && row.State == expected
        && (row.Fence == item.Fence || PlantedDefect.Is(Defects.LeaseWithoutFence));
}
