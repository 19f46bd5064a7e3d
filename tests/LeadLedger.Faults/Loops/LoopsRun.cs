using System.Globalization;
using System.Text;
using LeadLedger.Faults.Processes;

namespace LeadLedger.Faults.Loops;

/// <summary>The exhaustive loops as a command: a table on the console, the same as Markdown in a file, and an exit code.</summary>
public static class LoopsRun
{
    private static readonly string[] QuickPoints = ["write.committed", "text.marked", "text.called"];

    /// <param name="args">Names of loops; none runs all. <c>quick</c> stops each after a fraction of its points.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, string? report = null)
    {
        var results = new List<LoopResult>();
        var quick = args.Contains("quick");
        var names = args.Where(static arg => arg != "quick").DefaultIfEmpty("all").ToHashSet(StringComparer.Ordinal);
        if (names.Overlaps(["all", "messages"]))
        {
            await MessagesAsync(results, quick);
        }

        if (names.Overlaps(["all", "failpoints"]))
        {
            await FailPointsAsync(results, quick);
        }

        if (names.Overlaps(["all", "sending"]))
        {
            await SendingAsync(results);
        }

        Print(results);
        if (report is { Length: > 0 })
        {
            await File.AppendAllTextAsync(report, Markdown(results));
        }

        return results.TrueForAll(result => result.IsClean || result.NotRun is not null) && results.Exists(result => result.IsClean) ? 0 : 1;
    }

    private static async Task MessagesAsync(List<LoopResult> results, bool quick)
    {
        await using var rig = await LoopRig.StartAsync();
        var loop = new NthMessageLoop(rig, TimeSpan.FromMinutes(quick ? 1 : 10));
        foreach (var useCase in UseCases.All)
        {
            // A fresh process: what the last cuts left in the spool is taken in before anything is compared.
            await rig.StartServiceAsync(UseCases.Service, new ServiceRole { Dispatches = useCase.Dispatches, CountsKept = true });
            await rig.TakenInAsync(TimeSpan.FromSeconds(20));
            var expected = await loop.UndisturbedAsync(useCase, new LoopResult("nth message", useCase.Name, "undisturbed"));

            // Breaking idle connections makes the dispatcher wait, which is not what is counted here.
            foreach (var cold in useCase.Dispatches ? new[] { false } : quick ? [true] : [false, true])
            {
                foreach (var position in Enum.GetValues<CutPosition>())
                {
                    Add(results, await loop.RunAsync(useCase, position, cold, quick ? 3 : 1, expected));
                }
            }
        }
    }

    private static async Task FailPointsAsync(List<LoopResult> results, bool quick)
    {
        await using var rig = await LoopRig.StartAsync();
        var loop = new FailPointLoop(rig, TimeSpan.FromMinutes(30));
        var points = NamedConstants.FailPoints(ServiceOptions.FindProgram()).Where(point => !quick || QuickPoints.Contains(point)).ToArray();

        // Every point is killed alone before anything is done a second way.
        foreach (var two in quick ? new[] { false } : [false, true])
        {
            foreach (var action in quick ? ["kill"] : FailPointLoop.Actions)
            {
                foreach (var point in points)
                {
                    Add(results, await loop.RunAsync(point, action, two));
                }
            }
        }
    }

    private static async Task SendingAsync(List<LoopResult> results)
    {
        await using var rig = await LoopRig.StartAsync();
        await rig.StartServiceAsync(UseCases.Service, new ServiceRole { Dispatches = true });
        Add(results, await new AtOnce(rig).RunAsync());
        Add(results, await new ProviderFaults(rig).RunAsync());
        Add(results, await new StopRace(rig).RunAsync());
    }

    private static void Add(List<LoopResult> results, LoopResult result)
    {
        results.Add(result);
        Console.WriteLine(Line(result));
        foreach (var violation in result.Violations)
        {
            Console.WriteLine($"  {violation}");
        }
    }

    private static void Print(List<LoopResult> results)
    {
        Console.WriteLine();
        Console.WriteLine(Markdown(results));
        foreach (var result in results)
        {
            foreach (var violation in result.Violations)
            {
                Console.WriteLine($"VIOLATION {result.Loop}, {result.Case}, {result.Variant}: {violation}");
            }
        }
    }

    /// <summary>The table, for the documentation.</summary>
    public static string Markdown(IEnumerable<LoopResult> results)
    {
        var text = new StringBuilder("| Loop | Case | Variant | Points | Places | Violations | Seconds | |\n|---|---|---|---:|---:|---:|---:|---|\n");
        foreach (var result in results)
        {
            text.Append(Line(result)).Append('\n');
        }

        return text.ToString();
    }

    private static string Line(LoopResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {result.Loop} | {result.Case} | {result.Variant} | {result.Covered} | {result.Places} | {result.Violations.Count} | {result.Took.TotalSeconds:0.0} | {Ending(result)} |");

    private static string Ending(LoopResult result) =>
        result.NotRun is { } reason ? $"not run: {reason}" : result.Complete ? "complete" : "stopped";
}
