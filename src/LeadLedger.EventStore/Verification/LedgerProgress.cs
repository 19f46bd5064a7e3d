namespace LeadLedger.EventStore.Verification;

/// <summary>How far a verification or a rebuild has come.</summary>
/// <param name="Step">What is being done, such as <c>events</c>.</param>
/// <param name="Done">Rows done in this step.</param>
/// <param name="Total">Rows of this step.</param>
public readonly record struct LedgerProgress(string Step, long Done, long Total);
