using LeadLedger.Faults.Load;
using LeadLedger.Faults.Twin;

namespace LeadLedger.Faults.Checking;

/// <summary>The three logs and where the ledger is.</summary>
public sealed record CheckInput
{
    public required string ConnectionString { get; init; }

    public required IReadOnlyList<SentWebhook> Sent { get; init; }

    public required IReadOnlyList<TwinRecord> Twin { get; init; }

    /// <summary>How long after its mark a request may still be on its way.</summary>
    public required TimeSpan CallDeadline { get; init; }

    /// <summary>When everything was at rest and the service was stopped, UTC: nothing that fell due later is late.</summary>
    public required DateTime StoppedAt { get; init; }

    /// <summary>The window of texts, by recipient; null when the business texts around the clock.</summary>
    public Func<string, QuietHours>? Window { get; init; }

    /// <summary>Most texts to one number in the hour of the run; null when the limit is out of reach.</summary>
    public int? TextsPerNumber { get; init; }
}
