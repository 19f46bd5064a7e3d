namespace LeadLedger.EventStore.Verification;

/// <summary>What was read and what was found; sound when nothing was found.</summary>
public sealed record VerificationReport
{
    public required long Events { get; init; }

    public required long Streams { get; init; }

    public required long Documents { get; init; }

    /// <summary>Gate rows compared; 0 when a single stream was verified.</summary>
    public required long ContactPoints { get; init; }

    public required long AuditRows { get; init; }

    /// <summary>In the order of the ledger: the first bad event is the first entry.</summary>
    public required IReadOnlyList<LedgerProblem> Problems { get; init; }

    public bool IsSound => Problems.Count == 0;
}
