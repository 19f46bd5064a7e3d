namespace LeadLedger.Cli;

/// <summary>What the verbs return, for scripts; docs/operations.md says what each means for each verb.</summary>
public static class ExitCodes
{
    /// <summary>Done, and nothing is wrong.</summary>
    public const int Fine = 0;

    /// <summary>Done, and something is wrong with what was looked at.</summary>
    public const int ProblemFound = 1;

    /// <summary>It could not run, so nothing is known.</summary>
    public const int CouldNotRun = 2;

    /// <summary>As a shell reports a program that Ctrl+C ended.</summary>
    public const int Interrupted = 130;
}
