namespace LeadLedger.EventStore.Verification;

/// <summary>How much of the ledger is verified, and how many problems are collected before it stops.</summary>
public sealed record VerificationScope
{
    /// <summary>Enough to see a pattern without drowning in the consequences of one cause.</summary>
    public const int UsualLimit = 20;

    public static VerificationScope Everything { get; } = new();

    /// <summary>Only this business.</summary>
    public string? Tenant { get; init; }

    /// <summary>Only this stream. Gate rows belong to many streams and are then left out.</summary>
    public Guid? Stream { get; init; }

    public int MostProblems { get; init; } = UsualLimit;
}
