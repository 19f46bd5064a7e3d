namespace LeadLedger.EventStore.Verification;

/// <summary>What a rebuild read, and how many rows it had to write because they were not what the events say.</summary>
public sealed record RebuildReport
{
    public required long Events { get; init; }

    public required long Streams { get; init; }

    /// <summary>Documents written or removed.</summary>
    public required long Documents { get; init; }

    public required long AuditRows { get; init; }

    public required long ContactPoints { get; init; }
}

/// <summary>The events themselves are damaged, so nothing can be rebuilt from them; nothing was changed.</summary>
public sealed class RebuildRefusedException(LedgerProblem problem)
    : Exception($"Nothing was changed: {problem}. Run 'leadledger verify'.")
{
    public LedgerProblem Problem { get; } = problem;
}
