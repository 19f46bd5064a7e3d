namespace LeadLedger.Businesses;

/// <summary>
/// Business files that cannot be used, with every problem of every file: the service refuses to start.
/// </summary>
public sealed class BusinessFileException(IReadOnlyList<BusinessFileProblem> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<BusinessFileProblem> Problems { get; } = problems;
}
