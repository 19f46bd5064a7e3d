namespace LeadLedger.Faults.Loops;

/// <summary>What a loop found.</summary>
/// <param name="Loop">Which loop.</param>
/// <param name="Case">Which use case, or which fail point.</param>
/// <param name="Variant">Where or how it was disturbed.</param>
public sealed record LoopResult(string Loop, string Case, string Variant)
{
    /// <summary>Disturbances that really happened.</summary>
    public int Covered { get; set; }

    /// <summary>Different statements, or places, that they fell on.</summary>
    public int Places { get; set; }

    public TimeSpan Took { get; set; }

    /// <summary>The loop came to its own end, and not to its time limit.</summary>
    public bool Complete { get; set; }

    /// <summary>Why it did not run; null when it did.</summary>
    public string? NotRun { get; set; }

    public List<string> Violations { get; } = [];

    public bool IsClean => Violations.Count == 0 && Complete && Covered > 0 && NotRun is null;
}
