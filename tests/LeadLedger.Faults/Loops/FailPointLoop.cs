using System.Diagnostics;
using LeadLedger.Faults.Processes;

namespace LeadLedger.Faults.Loops;

/// <summary>
/// Kills, pauses or fails a process of the service at every fail point of the build, alone and beside a second process, heals it, and compares what is
/// left with an undisturbed history. A fail point that nothing passes fails the loop: then no one knows what happens there.
/// </summary>
public sealed class FailPointLoop(LoopRig rig, TimeSpan limit)
{
    private const string Second = "second";
    private static readonly ServiceRole Role = new() { Dispatches = true };

    // Longer than the lease and the recovery interval together, so that somebody else has taken the work over meanwhile.
    private static readonly TimeSpan PauseFor = TimeSpan.FromSeconds((2 * Role.LeaseSeconds) + Role.RecoverySeconds);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private Footprint? _expected;

    public static IReadOnlyList<string> Actions { get; } = ["kill", "stop", "throw"];

    /// <summary>One fail point, one action, one or two processes.</summary>
    public async Task<LoopResult> RunAsync(string point, string action, bool two)
    {
        var result = new LoopResult("fail point", point, $"{action}, {(two ? "two processes" : "one process")}");
        if (_watch.Elapsed > limit)
        {
            result.NotRun = "the loop's time was used up";
            return result;
        }

        var watch = Stopwatch.StartNew();
        _expected ??= await UndisturbedAsync(result);
        var log = rig.Below($"failpoints-{point}-{action}-{two}.log");
        await rig.StartServiceAsync(
            UseCases.Service, Role,
            new Dictionary<string, string> { ["LEADLEDGER_FAILPOINT"] = $"{point}={action}", ["LEADLEDGER_FAILPOINT_LOG"] = log }, wait: false);
        if (two)
        {
            await rig.StartServiceAsync(Second, Role);
        }
        else
        {
            await rig.StopServiceAsync(Second);
        }

        using var healed = new CancellationTokenSource();
        var healing = HealAsync(healed.Token);
        try
        {
            var person = rig.NextPerson();
            var found = await Story.TellAsync(rig, person);
            result.Violations.AddRange([
                .. found.Problems, .. await Creates.ProblemsAsync(rig, [person]), .. SendJudge.Compare(_expected, found)]);
        }
        catch (LoopViolationException violation)
        {
            result.Violations.Add(violation.Message);
        }

        await healed.CancelAsync();
        await healing;
        result.Covered = File.Exists(log) && (await File.ReadAllLinesAsync(log)).Contains($"{point}={action}") ? 1 : 0;
        result.Places = result.Covered;
        if (result.Covered == 0)
        {
            result.Violations.Add("no scenario passes this point");
        }

        result.Complete = true;
        result.Took = watch.Elapsed;
        return result;
    }

    private async Task<Footprint> UndisturbedAsync(LoopResult result)
    {
        await rig.StartServiceAsync(UseCases.Service, Role);
        await Story.TellAsync(rig, rig.NextPerson());
        var first = await Story.TellAsync(rig, rig.NextPerson());
        var second = await Story.TellAsync(rig, rig.NextPerson());
        result.Violations.AddRange([.. first.Problems, .. SendJudge.Compare(first, second)]);
        return second;
    }

    // What a supervisor does: what has died is started again, what stands still goes on after a while.
    private async Task HealAsync(CancellationToken cancellation)
    {
        var restarted = false;
        while (!cancellation.IsCancellationRequested)
        {
            var service = rig[UseCases.Service];
            if (service.HasExited && !restarted)
            {
                restarted = true;
                await rig.StartServiceAsync(UseCases.Service, Role);
            }
            else if (!service.HasExited && Signals.IsStopped(service.Id))
            {
                await Task.Delay(PauseFor, CancellationToken.None);
                service.Resume();
            }

            try
            {
                await Task.Delay(20, cancellation);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
