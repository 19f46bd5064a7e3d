using System.Globalization;
using System.Text;

namespace LeadLedger.Faults.Defects;

/// <summary>
/// Plants every defect of the build, one after another, and runs the tests that are to see it. A test is worth something only if it would notice:
/// the run fails when the tests are not green without a defect, when one is not seen, and when one has no tests.
/// </summary>
public static class DefectsRun
{
    /// <param name="names">Only these defects; none means all.</param>
    /// <param name="report">A file that the table is added to.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> names, string? report)
    {
        var tests = FaultsTests.Find();
        string[] problems =
        [
            .. tests.Defects.Except(DefectRows.All.Keys).Select(defect => $"{defect} has no test in {nameof(DefectRows)}"),
            .. DefectRows.All.Keys.Concat(names).Except(tests.Defects).Select(defect => $"{defect} cannot be planted in this build"),
        ];
        var rows = DefectRows.All.Where(row => tests.Defects.Contains(row.Key) && (names.Count == 0 || names.Contains(row.Key))).ToArray();

        var control = await tests.RunAsync(rows.SelectMany(row => row.Value).Distinct(), defect: null);
        var table = new StringBuilder();
        Add(table, "| Planted | Verdict | Tests that failed | First to fail | Seconds |\n|---|---|---:|---|---:|");
        Tell(table, "nothing", control is { IsGreen: true } ? "green" : "**not green**", control);

        var caught = 0;
        foreach (var (defect, its) in rows)
        {
            var outcome = await tests.RunAsync(its, defect);

            // What fails anyway proves nothing.
            var seen = outcome?.Failed.Except(control?.Failed ?? []).Any() == true;
            Tell(table, $"`{defect}`", seen ? "caught" : "**not caught**", outcome);
            caught += seen ? 1 : 0;
        }

        foreach (var problem in problems)
        {
            Console.WriteLine(problem);
        }

        if (report is { Length: > 0 })
        {
            await File.AppendAllTextAsync(report, table.ToString());
        }

        var clean = problems.Length == 0 && control is { IsGreen: true };
        Console.WriteLine($"{caught} of {rows.Length} planted defects were caught{(clean ? "" : "; the run proves nothing for the reasons above")}");
        return clean && caught == rows.Length ? 0 : 1;
    }

    private static void Tell(StringBuilder table, string planted, string verdict, TestOutcome? outcome)
    {
        Add(table, outcome is null
            ? $"| {planted} | {verdict} | | the tests did not come to their end | |"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"| {planted} | {verdict} | {outcome.Failed.Count} of {outcome.Total} | {First(outcome)} | {outcome.Took.TotalSeconds:0} |"));
    }

    private static void Add(StringBuilder table, string line)
    {
        Console.WriteLine(line);
        table.Append(line).Append('\n');
    }

    private static string First(TestOutcome outcome) => outcome.Failed is [var first, ..] ? $"`{first.Replace('|', '/')}`"
        : outcome.Skipped > 0 ? $"{outcome.Skipped} cannot run on this machine" : "";
}
