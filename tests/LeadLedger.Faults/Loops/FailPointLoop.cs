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
    private const int MostRepeats = 6;
    private static readonly ServiceRole Role = new() { Dispatches = true };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    // Longer than the lease and the recovery interval together, so that somebody else has taken the work over meanwhile.
    private static readonly TimeSpan PauseFor = TimeSpan.FromSeconds((2 * Role.LeaseSeconds) + Role.RecoverySeconds);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private Footprint? _expected;
    private ServiceRole _role = Role;
    private IReadOnlyDictionary<string, string>? _environment;

    public static IReadOnlyList<string> Actions { get; } = ["kill", "stop", "throw"];

    /// <summary>One fail point, one action, one or two processes.</summary>
    public async Task<LoopResult> RunAsync(string point, string action, bool two, IReadOnlyDictionary<string, string>? environment = null)
    {
        var result = new LoopResult("fail point", point, $"{action}, {(two ? "two processes" : "one process")}");
        if (_watch.Elapsed > limit)
        {
            result.NotRun = "the loop's time was used up";
            return result;
        }

        if (point.StartsWith("sweep.", StringComparison.Ordinal))
        {
            result.NotRun = "sweeps are five minutes apart; SweepTests looks at them, without a kill";
            return result;
        }

        var watch = Stopwatch.StartNew();
        await PrepareAsync();
        var area = point.Split('.')[0];
        var role = area == "pause" ? Role with { BreakerFailures = 3 } : Role;
        var settings = new Dictionary<string, string>(environment ?? new Dictionary<string, string>(), StringComparer.Ordinal)
        {
            ["LEADLEDGER_SETTLE_SCALE"] = "0.02",
        };
        _role = role;
        var log = rig.Below($"failpoints-{point}-{action}-{two}-{environment?.Values.FirstOrDefault()}.log");
        if (!two)
        {
            await rig.StopServiceAsync(Second);
        }

        await rig.StartServiceAsync(
            UseCases.Service, role,
            new Dictionary<string, string>(settings, StringComparer.Ordinal)
            {
                ["LEADLEDGER_FAILPOINT"] = $"{point}={action}",
                ["LEADLEDGER_FAILPOINT_LOG"] = log,
            }, wait: false);
        if (two)
        {
            await rig.StartServiceAsync(Second, role, settings);
        }

        _environment = settings;
        using var healed = new CancellationTokenSource();
        var healing = HealAsync(healed.Token);
        try
        {
            if (two)
            {
                // Both must be there, or the unarmed one does everything.
                await rig[UseCases.Service].WaitUntilUpAsync();
            }

            var person = rig.NextPerson();
            var found = await TellAsync(area, person);

            // The other of two processes may have been faster at the one place; the armed one gets its turn.
            for (var again = 0; two && again < MostRepeats && !await WasPassedAsync(log, point, action); again++)
            {
                person = rig.NextPerson();
                found = await TellAsync(area, person);
            }

            await rig.TakenInAsync(Patience);
            found = await rig.SettledAsync([person], Patience);
            result.Violations.AddRange([
                .. found.Problems, .. await Creates.ProblemsAsync(rig, [person]), .. SendJudge.Compare(area is "pause" or "settle" ? found : _expected!, found)]);
        }
        catch (LoopViolationException violation)
        {
            result.Violations.Add(violation.Message);
        }

        await healed.CancelAsync();
        await healing;
        result.Covered = await WasPassedAsync(log, point, action) ? 1 : 0;
        result.Places = result.Covered;
        if (result.Covered == 0)
        {
            result.Violations.Add("no scenario passes this point");
        }

        result.Complete = true;
        result.Took = watch.Elapsed;
        return result;
    }

    private Task<Footprint> TellAsync(string area, Person person) => area switch
    {
        "pause" => PausedStory.TellAsync(rig, person),
        "settle" => UnknownStory.TellAsync(rig, person),
        _ => Story.TellAsync(rig, person),
    };

    private static async Task<bool> WasPassedAsync(string log, string point, string action) =>
        File.Exists(log) && (await File.ReadAllLinesAsync(log)).Contains($"{point}={action}");

    /// <summary>Finds out what an undisturbed history leaves, once.</summary>
    /// <exception cref="LoopViolationException">Two undisturbed histories differ.</exception>
    public async Task PrepareAsync()
    {
        if (_expected is not null)
        {
            return;
        }

        await rig.StartServiceAsync(UseCases.Service, Role);
        await Story.TellAsync(rig, rig.NextPerson());
        var first = await Story.TellAsync(rig, rig.NextPerson());
        _expected = await Story.TellAsync(rig, rig.NextPerson());
        if (SendJudge.Compare(first, _expected).Concat(first.Problems).ToArray() is { Length: > 0 } differences)
        {
            throw new LoopViolationException($"two undisturbed histories differ: {string.Join("; ", differences)}");
        }
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
                await rig.StartServiceAsync(UseCases.Service, _role, _environment);
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
