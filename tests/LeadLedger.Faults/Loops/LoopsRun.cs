using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using LeadLedger.Faults.Processes;
using LeadLedger.Faults.Runs;

namespace LeadLedger.Faults.Loops;

/// <summary>
/// The exhaustive loops as a command: a table on the console, the same as Markdown in a file, and an exit code. Cells of a table are independent, so
/// several are worked at once, each on a rig of its own.
/// </summary>
public sealed class LoopsRun
{
    // A message or a point of every part of sending and intake, in the time that a build can wait.
    private const int QuickIntakeStride = 4;
    private const int QuickSendStride = 16;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(60);

    private readonly List<LoopResult> _results = [];
    private readonly int _rigs;

    private LoopsRun(int rigs) => _rigs = rigs;

    /// <param name="names">Names of loops, and of fail points or the words before their dot; none runs all.</param>
    /// <param name="args">Options: <c>--rigs</c>, how many cells at once; <c>--only</c>, words of a use case; <c>--report</c>, a file.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> names, RunArguments args)
    {
        var run = new LoopsRun(args.Number("rigs", 2));
        var loops = names.Count > 0 ? names : ["messages", "failpoints", "sending"];
        if (loops.Contains("messages"))
        {
            await run.MessagesAsync(args.Text("only") ?? "");
        }

        if (loops.Contains("failpoints"))
        {
            await run.FailPointsAsync(args.Text("only") ?? "");
        }

        if (loops.Contains("sending"))
        {
            await run.SendingAsync();
        }

        return await run.EndAsync(args);
    }

    /// <summary>A little of both loops, for every build: an intake, a text, and a kill at every place of sending.</summary>
    public static async Task<int> QuickAsync(RunArguments args)
    {
        var run = new LoopsRun(rigs: 2);
        await run.OnRigsAsync<Func<LoopRig, Task>>(
            [
                async rig =>
                {
                    var loop = new NthMessageLoop(rig, Longest);
                    await run.MessagesAsync(rig, loop, UseCases.Send, cold: false, QuickSendStride);
                    await run.MessagesAsync(rig, loop, UseCases.NewMissedCall, cold: false, QuickIntakeStride);
                },
                async rig =>
                {
                    var loop = new FailPointLoop(rig);
                    foreach (var point in FailPoints().Where(point => point.StartsWith("text.", StringComparison.Ordinal) || point == "outbox.claimed"))
                    {
                        run.Add(await loop.RunAsync(point, "kill", two: false));
                    }
                },
            ],
            rig => work => work(rig));
        return await run.EndAsync(args);
    }

    private static IReadOnlyList<string> FailPoints() => NamedConstants.FailPoints(ServiceOptions.FindProgram());

    private Task MessagesAsync(string only)
    {
        var cells = UseCases.All.Where(useCase => useCase.Name.StartsWith(only, StringComparison.Ordinal))
            .SelectMany(useCase => new[] { (UseCase: useCase, Cold: true), (UseCase: useCase, Cold: false) });
        return OnRigsAsync(cells.OrderByDescending(cell => cell.UseCase.Dispatches), rig =>
        {
            var loop = new NthMessageLoop(rig, Longest);
            return cell => MessagesAsync(rig, loop, cell.UseCase, cell.Cold);
        });
    }

    private async Task MessagesAsync(LoopRig rig, NthMessageLoop loop, UseCase useCase, bool cold, int stride = 1)
    {
        // A fresh process: what the last cuts left in the spool is taken in before anything is compared.
        await rig.StartServiceAsync(UseCases.Service, new ServiceRole { Dispatches = useCase.Dispatches, CountsKept = true });
        await rig.TakenInAsync();
        var undisturbed = new LoopResult("nth message", useCase.Name, "undisturbed");
        if (await loop.UndisturbedAsync(useCase, undisturbed) is not { } expected)
        {
            Add(undisturbed);
            return;
        }

        foreach (var position in Enum.GetValues<CutPosition>())
        {
            Add(await loop.RunAsync(useCase, position, cold, stride, expected));
        }
    }

    private Task FailPointsAsync(string only)
    {
        // What shares a scenario shares its processes.
        var groups = FailPoints().Where(point => point.StartsWith(only, StringComparison.Ordinal))
            .SelectMany(point => new[] { false, true }.SelectMany(two => FailPointLoop.Actions.Select(action => (point, action, two))))
            .GroupBy(cell => (Scenario.Of(cell.point).Name, cell.two, Half(cell.point)));
        return OnRigsAsync(groups.OrderBy(group => group.Key.Name == "a whole history"), rig =>
        {
            var loop = new FailPointLoop(rig);
            return async group =>
            {
                foreach (var (point, action, two) in group)
                {
                    Add(await loop.RunAsync(point, action, two));
                }
            };
        });

        // The longest group ends with the others when it is divided.
        static bool Half(string point) => string.CompareOrdinal(point, "spool.") < 0;
    }

    private async Task SendingAsync()
    {
        await using var rig = await LoopRig.StartAsync();
        await rig.StartServiceAsync(UseCases.Service, new ServiceRole { Dispatches = true });
        Add(await new AtOnce(rig).RunAsync());
        Add(await new ProviderFaults(rig).RunAsync());
        Add(await new StopRace(rig).RunAsync());
    }

    private Task OnRigsAsync<T>(IEnumerable<T> cells, Func<LoopRig, Func<T, Task>> start)
    {
        var left = new ConcurrentQueue<T>(cells);
        return Task.WhenAll(Enumerable.Range(0, Math.Min(_rigs, left.Count)).Select(async _ =>
        {
            await using var rig = await LoopRig.StartAsync();
            var work = start(rig);
            while (left.TryDequeue(out var cell))
            {
                try
                {
                    await work(cell);
                }
                catch (Exception problem)
                {
                    Add(new LoopResult("not ended", cell!.ToString()!, problem.GetType().Name) { Violations = { problem.ToString() } });
                }
            }
        }));
    }

    private void Add(LoopResult result)
    {
        lock (_results)
        {
            _results.Add(result);
            Console.WriteLine(Line(result));
            foreach (var violation in result.Violations)
            {
                Console.WriteLine($"  {violation}");
            }
        }
    }

    private async Task<int> EndAsync(RunArguments args)
    {
        var failed = _results.Where(result => !result.IsClean && result.NotRun is null).ToArray();
        Console.WriteLine();
        Console.WriteLine(Markdown());
        foreach (var result in failed)
        {
            foreach (var violation in result.Violations)
            {
                Console.WriteLine($"VIOLATION {result.Loop}, {result.Case}, {result.Variant}: {violation}");
            }
        }

        if (args.Text("report") is { Length: > 0 } report)
        {
            await File.AppendAllTextAsync(report, Markdown());
        }

        var passed = _results.Count(result => result.IsClean);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failed.Length} failed"));
        return failed.Length == 0 && passed > 0 ? 0 : 1;
    }

    /// <summary>The table, for the documentation.</summary>
    private string Markdown()
    {
        var text = new StringBuilder("| Loop | Case | Variant | Points | Places | Violations | Seconds | |\n|---|---|---|---:|---:|---:|---:|---|\n");
        foreach (var result in _results.OrderBy(result => result.Loop, StringComparer.Ordinal).ThenBy(result => result.Case, StringComparer.Ordinal))
        {
            text.Append(Line(result)).Append('\n');
        }

        foreach (var loop in _results.GroupBy(result => result.Loop, StringComparer.Ordinal))
        {
            var trials = loop.Sum(result => result.Covered);
            var violations = loop.Sum(result => result.Violations.Count);
            var bound = violations > 0 || trials == 0 ? "-" : (3.0 / trials).ToString("0.0e+0", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"\n{loop.Key}: {loop.Count()} cells, N = {trials}, {violations} violations, 95 % bound {bound}\n");
        }

        return text.ToString();
    }

    private static string Line(LoopResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {result.Loop} | {result.Case} | {result.Variant} | {result.Covered} | {result.Places} | {result.Violations.Count} | {result.Took.TotalSeconds:0.0} | {Ending(result)} |");

    private static string Ending(LoopResult result) =>
        result.NotRun is { } reason ? $"not run: {reason}" : result.Complete ? "complete" : "stopped";
}
