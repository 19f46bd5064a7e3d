namespace LeadLedger.Businesses;

/// <summary>Collects the problems of one file; of a value that is wrong in itself nothing more is said.</summary>
internal sealed class FileProblems(string file)
{
    private readonly List<BusinessFileProblem> _problems = [];
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    public IReadOnlyList<BusinessFileProblem> All => _problems;

    public void Add(string path, string what, string fix)
    {
        if (_paths.Add(path))
        {
            _problems.Add(new BusinessFileProblem(file, path, what, fix));
        }
    }
}
