using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Faults;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Leads;
using LeadLedger.Sending;

namespace LeadLedger.Pausing;

/// <summary>
/// Wakes while a breaker is open: lets one waiting work item through, looks what became of it, and ends the pause or waits for longer. It is a
/// work item itself, so one process at a time does it, and none has to be running meanwhile.
/// </summary>
public sealed class TryAgainHandler(OutboxWork work, Ledger ledger, HeldWork held, BusinessDirectory businesses) : IOutboxHandler
{
    public IReadOnlyCollection<string> Kinds { get; } = [WorkKinds.TryAgain];

    public async Task HandleAsync(OutboxItem item, CancellationToken cancellation)
    {
        var wake = JsonSerializer.Deserialize(item.Body, LedgerJsonContext.Default.TryAgain)!;
        if (businesses.Find(item.Tenant) is not { } business)
        {
            return;
        }

        var known = (await ledger.LoadAsync(OperationsStream.Type, OperationsStream.Of(business.Id), cancellation))?.Find(wake.Pause);
        var evidence = known is null ? new ProbeEvidence.None() : await held.EvidenceAsync(known, work.Now, cancellation);
        var candidate = known is not null && evidence is ProbeEvidence.None
            ? await held.NextAsync(business.Id, known.Scope, work.Now, cancellation)
            : null;
        var facts = await work.CommitAsync(item, OutboxStates.Claimed, [], unit =>
        {
            var session = new OperationsSession(unit, business);
            var pause = session.State.Find(wake.Pause);
            if (pause is not { Probes: true })
            {
                // Resumed by a person, or a person is needed.
                unit.Change(OutboxWork.To(item, OutboxStates.Done));
                return [];
            }

            if (pause != known)
            {
                // It changed since it was looked at, so what was seen says nothing of it.
                unit.Change(OutboxWork.To(item, OutboxStates.Pending, unit.Now + BreakerRules.Of(pause.Scope).Look) with { Uncount = true });
                return [];
            }

            var (facts, lookAgainAt) = PauseDecisions.Probe(session.State, business, pause, evidence, candidate, unit.Now);
            session.RecordAll(facts);
            unit.Change(lookAgainAt is { } at
                ? OutboxWork.To(item, OutboxStates.Pending, at) with { Uncount = true }
                : OutboxWork.To(item, OutboxStates.Done));
            return facts;
        });
        Pass(facts);
    }

    public Task AbandonedAsync(OutboxItem item, CancellationToken cancellation) => Task.CompletedTask;

    private static void Pass(IReadOnlyList<IOperationsEvent>? facts)
    {
        if (facts?.Any(fact => fact is SendingProbeAllowed) == true)
        {
            FailPoint.Hit(FailPoints.PauseProbeAllowed);
        }

        if (facts?.Any(fact => fact is SendingResumed) == true)
        {
            FailPoint.Hit(FailPoints.PauseEnded);
        }
    }
}
