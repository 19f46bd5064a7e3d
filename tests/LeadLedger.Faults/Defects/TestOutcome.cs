using System.Globalization;

namespace LeadLedger.Faults.Defects;

/// <summary>How one run of tests ended, read from what the test program printed.</summary>
/// <param name="Total">Tests that were run.</param>
/// <param name="Failed">Names of those that failed, in the order in which they did, without their namespace.</param>
/// <param name="Skipped">How many could not run on this machine.</param>
/// <param name="Took">How long it took.</param>
public sealed record TestOutcome(int Total, IReadOnlyList<string> Failed, int Skipped, TimeSpan Took)
{
    private const string FailedMark = "failed LeadLedger.";

    public bool IsGreen => Total > 0 && Failed.Count == 0 && Skipped == 0;

    /// <returns>Null when it did not come to its own end: then it says nothing.</returns>
    public static TestOutcome? Read(IReadOnlyList<string> lines, TimeSpan took)
    {
        if (Number(lines, "total: ") is not { } total || Number(lines, "failed: ") is not { } count || Number(lines, "skipped: ") is not { } skipped)
        {
            return null;
        }

        string[] failed = [.. lines.Where(line => line.StartsWith(FailedMark, StringComparison.Ordinal)).Select(NameOf)];
        return failed.Length == count ? new TestOutcome(total, failed, skipped, took) : null;
    }

    private static int? Number(IReadOnlyList<string> lines, string name)
    {
        var found = lines.Select(line => line.Trim()).LastOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return int.TryParse(found?[name.Length..], CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    // "failed Some.Namespace.SomeTests.Some_method(mode: Hang) (2s 465ms)"
    private static string NameOf(string line)
    {
        var name = line[FailedMark.Length..line.LastIndexOf(" (", StringComparison.Ordinal)];
        var end = name.IndexOf('(', StringComparison.Ordinal) is var open and >= 0 ? open : name.Length;
        var method = name.LastIndexOf('.', end - 1);
        return name[(name.LastIndexOf('.', method - 1) + 1)..];
    }
}
