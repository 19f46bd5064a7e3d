using LeadLedger.EventStore.Faults;
using NodaTime;

namespace LeadLedger.Pausing;

/// <summary>When a breaker opens and how it finds its way back.</summary>
public sealed record BreakerRules
{
    /// <summary>Failures in a row that open it.</summary>
    public required int Failures { get; init; }

    /// <summary>Failures older than this are forgotten.</summary>
    public Duration Window { get; init; } = Duration.FromMinutes(10);

    /// <summary>From opening to the first probe; doubled by each probe that fails.</summary>
    public Duration Cooling { get; init; } = Duration.FromMinutes(1);

    public required Duration LongestCooling { get; init; }

    /// <summary>Between two looks at a probe that is under way, or for one where nothing waits.</summary>
    public Duration Look { get; init; } = Duration.FromSeconds(5);

    /// <summary>Between two work items of one scope when the pause has ended.</summary>
    public required Duration Drain { get; init; }

    // A run in which every text fails on purpose would otherwise be over after five.
    private static int? Threshold => (int?)FaultSetting.Number("LEADLEDGER_BREAKER_FAILURES");

    // A probe of a phone provider costs a text its only chance; a CRM's costs nothing, since a repeat updates the same record.
    // A text that failed is mostly not repeated, so a phone provider gets five chances. A CRM post is repeated, and is given up after the
    // fourth attempt: its breaker opens before that.
    public static BreakerRules Texts { get; } = new() { Failures = Threshold ?? 5, LongestCooling = Duration.FromMinutes(10), Drain = Duration.FromSeconds(1) };

    public static BreakerRules Crm { get; } = new() { Failures = Threshold ?? 3, LongestCooling = Duration.FromMinutes(5), Drain = Duration.FromMilliseconds(200) };

    public static BreakerRules Of(string scope) => scope.StartsWith("crm", StringComparison.Ordinal) ? Crm : Texts;
}
