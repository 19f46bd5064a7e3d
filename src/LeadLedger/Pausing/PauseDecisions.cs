using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.Sending;
using NodaTime;

namespace LeadLedger.Pausing;

/// <summary>RULE: what a provider's trouble, a person's word or a probe's end means for the pauses of a business.</summary>
public static class PauseDecisions
{
    /// <summary>A provider is in trouble. One that is paused already is paused once, unless now a person is needed.</summary>
    public static IReadOnlyList<IOperationsEvent> Trip(Operations state, Business business, Trouble trouble, Instant now)
    {
        var known = state.Find(trouble.Scope, PauseCauses.Breaker);
        if (known is not null && (known.NeedsPerson || !trouble.NeedsPerson))
        {
            return [];
        }

        var cooling = BreakerRules.Of(trouble.Scope).Cooling;
        var paused = new SendingPaused
        {
            Pause = known?.Id ?? now.NewId(),
            Scope = trouble.Scope,
            Cause = PauseCauses.Breaker,
            Reason = trouble.Reason,
            Code = trouble.Code,
            By = "breaker",
            NeedsPerson = trouble.NeedsPerson,
            CoolingSeconds = trouble.NeedsPerson ? 0 : (int)cooling.TotalSeconds,
            TryAgainAt = trouble.NeedsPerson ? null : now + cooling,
        };
        var facts = new List<IOperationsEvent> { paused };
        var texts = Dependent(state, business, paused, now);
        if (texts is not null)
        {
            facts.Add(texts);
        }

        if (PauseAlerts.Paused(business, paused, texts is not null, now) is { } alert)
        {
            facts.Add(alert);
        }

        return facts;
    }

    /// <summary>A member of the staff pauses a scope.</summary>
    public static IReadOnlyList<IOperationsEvent> Pause(Operations state, string scope, string reason, string by, Instant now) =>
        state.Find(scope, PauseCauses.Staff) is not null
            ? []
            :
            [
                new SendingPaused { Pause = now.NewId(), Scope = scope, Cause = PauseCauses.Staff, Reason = reason, By = by },
            ];

    /// <summary>A member of the staff ends every pause of exactly this scope, whatever brought it about.</summary>
    public static IReadOnlyList<IOperationsEvent> Resume(Operations state, string scope, string reason, string by) =>
        [.. state.Pauses.Where(pause => pause.Scope == scope).SelectMany(pause => End(state, pause, reason, by)).DistinctBy(resumed => resumed.Pause)];

    /// <summary>What the probe of a breaker's pause came to, or that it is time for one.</summary>
    public static (IReadOnlyList<IOperationsEvent> Facts, Instant? LookAgainAt) Probe(
        Operations state, Business business, Pause pause, ProbeEvidence evidence, Guid? candidate, Instant now)
    {
        var rules = BreakerRules.Of(pause.Scope);
        switch (evidence)
        {
            case ProbeEvidence.Answered:
                var ended = End(state, pause, "a probe went through", "breaker");
                return ([.. ended, .. PauseAlerts.Resumed(business, pause, now) is { } alert ? [alert] : Array.Empty<IOperationsEvent>()], null);
            case ProbeEvidence.Failed failed:
                var cooling = Duration.Min(rules.LongestCooling, Duration.FromSeconds(Math.Max(1, pause.CoolingSeconds)) * 2);
                return ([new SendingProbeFailed(pause.Id, pause.Scope, failed.Error, (int)cooling.TotalSeconds, now + cooling)], now + cooling);
            case ProbeEvidence.UnderWay:
                return ([], now + rules.Look);
            default:
                return (candidate is { } work ? [new SendingProbeAllowed(pause.Id, pause.Scope, work)] : [], now + rules.Look);
        }
    }

    private static IEnumerable<SendingResumed> End(Operations state, Pause pause, string reason, string by) =>
        state.Pauses
            .Where(other => other.Id == pause.Id || (pause.Cause == PauseCauses.Breaker && other.Cause == pause.Scope))
            .Select(other => new SendingResumed(other.Id, other.Scope, other.Cause, reason, by));

    // C-05: while the CRM is away, texts to leads wait with it, unless the business lets its one acknowledgement go on.
    private static SendingPaused? Dependent(Operations state, Business business, SendingPaused paused, Instant now) =>
        paused.Scope.StartsWith(SendingScopes.Crm(""), StringComparison.Ordinal) && business.Sending.WhenCrmIsDown == CrmDownPolicy.Hold
            && state.Find(SendingScopes.Texts, paused.Scope) is null
            ? new SendingPaused
            {
                Pause = now.NewId(),
                Scope = SendingScopes.Texts,
                Cause = paused.Scope,
                Reason = paused.Reason,
                By = "breaker",
            }
            : null;
}

/// <summary>What is wrong with a provider.</summary>
/// <param name="Scope">What leaves through it.</param>
/// <param name="Reason">In words for people.</param>
/// <param name="Code">The provider's code, where it gave one.</param>
/// <param name="NeedsPerson">It does not mend by itself.</param>
public sealed record Trouble(string Scope, string Reason, string? Code, bool NeedsPerson);

/// <summary>What is known of the work item that was let through.</summary>
public abstract record ProbeEvidence
{
    private ProbeEvidence()
    {
    }

    /// <summary>None was let through, or it ended without having been tried.</summary>
    public sealed record None : ProbeEvidence;

    public sealed record UnderWay : ProbeEvidence;

    /// <summary>The provider did its work, even if it refused this one recipient.</summary>
    public sealed record Answered : ProbeEvidence;

    public sealed record Failed(string Error) : ProbeEvidence;
}
