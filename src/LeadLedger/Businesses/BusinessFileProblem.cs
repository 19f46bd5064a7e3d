namespace LeadLedger.Businesses;

/// <summary>One thing wrong in a business file, told so that its author can put it right without asking.</summary>
/// <param name="File">The file as it was named.</param>
/// <param name="Path">Where in it, such as <c>lines[0].ringSeconds</c>.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Fix">What to write instead.</param>
public sealed record BusinessFileProblem(string File, string Path, string What, string Fix)
{
    public override string ToString() => $"{File}: {Path}: {What}: {Fix}";
}
