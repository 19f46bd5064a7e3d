using System.Diagnostics;
using LeadLedger.Faults.Loops;
using LeadLedger.Faults.Processes;

namespace LeadLedger.Faults.Defects;

/// <summary>The service's own tests in the build in which defects can be planted. They are a program that is started, like the service.</summary>
public sealed class FaultsTests
{
    // A defect may make a test wait for what does not come; each of them gives up by itself within two minutes.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly string _program;

    private FaultsTests(string program) => _program = program;

    /// <summary>Every defect of this very build.</summary>
    public IReadOnlyList<string> Defects => NamedConstants.Defects(_program);

    public static FaultsTests Find() => new(BuildOutput.Find("LeadLedger.Tests", "faults")
        ?? throw new InvalidOperationException("The tests are not built with defects. Run: dotnet build -c Faults tests/LeadLedger.Tests"));

    /// <param name="tests">As <c>class.method</c>, with a star at the end for what follows.</param>
    /// <param name="defect">What is planted; null for nothing.</param>
    /// <returns>Null when the run did not come to its own end.</returns>
    public async Task<TestOutcome?> RunAsync(IEnumerable<string> tests, string? defect)
    {
        List<string> command = ["dotnet", _program, "--no-ansi", "--no-progress"];
        foreach (var test in tests)
        {
            command.AddRange(["--filter-method", $"*.{test}"]);
        }

        var watch = Stopwatch.StartNew();
        var environment = new Dictionary<string, string> { ["LEADLEDGER_DEFECT"] = defect ?? "" };
        var (_, lines) = await CapturedOutput.RunAsync(command, environment, Longest);
        return TestOutcome.Read(lines, watch.Elapsed);
    }
}
