using System.Diagnostics;
using LeadLedger.Faults.Processes;
using Npgsql;

namespace LeadLedger.Faults.Loops;

/// <summary>
/// Kills, pauses or fails a process of the service at every fail point of the build, alone and beside a second process, heals it, and compares what is
/// left with an undisturbed history. A fail point that nothing passes fails the loop: then no one knows what happens there.
/// </summary>
public sealed class FailPointLoop(LoopRig rig)
{
    private const string Second = "second";
    private const int MostRestarts = 3;

    private readonly Dictionary<string, Footprint> _expected = new(StringComparer.Ordinal);

    // What runs now; a process that survived its cell, or was restarted in it, serves the next one too.
    private readonly Dictionary<string, (ServiceProcess Process, ServiceRole Role)> _running =
        new(StringComparer.Ordinal);

    public static IReadOnlyList<string> Actions { get; } = ["kill", "stop", "throw"];

    /// <summary>One fail point, one action, one or two processes; of two, the first to pass the place is hit.</summary>
    public async Task<LoopResult> RunAsync(string point, string action, bool two)
    {
        var result = new LoopResult("fail point", point, $"{action}, {(two ? "two processes" : "one process")}");
        var scenario = Scenario.Of(point);
        var watch = Stopwatch.StartNew();
        try
        {
            var expected = await ExpectedAsync(scenario);
            await RunningAsync(scenario.Role, two);
            await rig.Footprints.ForgetPendingAsync();
            using var healed = new CancellationTokenSource();
            rig.Arm(point, action);
            var healing = HealAsync(healed.Token);
            try
            {
                var person = rig.NextPerson();
                await scenario.TellAsync(rig, person);
                await rig.TakenInAsync();
                var found = await rig.SettledAsync([person]);
                result.Violations.AddRange([.. found.Problems, .. await Creates.ProblemsAsync(rig, [person]), .. SendJudge.Compare(expected, found)]);
            }
            finally
            {
                await healed.CancelAsync();
                await healing;
                result.Covered = rig.Disarm() ? 1 : 0;
            }

            if (result.Covered == 0)
            {
                result.Violations.Add("no scenario passes this point");
            }
        }
        catch (Exception problem) when (problem is LoopViolationException or InvalidOperationException or NpgsqlException)
        {
            result.Violations.Add(problem.Message);
        }

        result.Places = result.Covered;
        result.Complete = true;
        result.Took = watch.Elapsed;
        return result;
    }

    /// <summary>What an undisturbed history leaves, found out once, by one process.</summary>
    /// <exception cref="LoopViolationException">Two undisturbed histories differ.</exception>
    private async Task<Footprint> ExpectedAsync(Scenario scenario)
    {
        if (_expected.TryGetValue(scenario.Name, out var known))
        {
            return known;
        }

        await RunningAsync(scenario.Role, two: false);
        var first = await scenario.TellAsync(rig, rig.NextPerson());
        var second = await scenario.TellAsync(rig, rig.NextPerson());
        string[] differences = [.. SendJudge.Compare(first, second), .. first.Problems, .. second.Problems];
        return differences.Length == 0
            ? _expected[scenario.Name] = second
            : throw new LoopViolationException($"two undisturbed histories differ: {string.Join("; ", differences)}");
    }

    private async Task RunningAsync(ServiceRole role, bool two)
    {
        if (!two && _running.Remove(Second))
        {
            await rig.StopServiceAsync(Second);
        }

        foreach (var name in two ? [UseCases.Service, Second] : new[] { UseCases.Service })
        {
            if (!_running.TryGetValue(name, out var running) || running.Role != role
                || running.Process != rig.Find(name) || running.Process.HasExited)
            {
                _running[name] = (await rig.StartServiceAsync(name, role), role);
            }
        }
    }

    // What a supervisor does: what has died is started again, what stands still goes on after a while.
    private async Task HealAsync(CancellationToken cancellation)
    {
        for (var restarts = 0; !cancellation.IsCancellationRequested;)
        {
            foreach (var (name, (process, role)) in _running.ToArray())
            {
                if (process.HasExited && restarts++ < MostRestarts)
                {
                    _running[name] = (await StartAgainAsync(name, role), role);
                }
                else if (!process.HasExited && Signals.IsStopped(process.Id))
                {
                    // Longer than the lease and the recovery interval together, so that somebody else has taken the work over meanwhile.
                    await Task.Delay(TimeSpan.FromSeconds((2 * role.LeaseSeconds) + role.RecoverySeconds), CancellationToken.None);
                    process.Resume();
                }
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }

    // One that gives up because it started in the middle of an outage is started once more.
    private async Task<ServiceProcess> StartAgainAsync(string name, ServiceRole role)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await rig.StartServiceAsync(name, role);
            }
            catch (InvalidOperationException) when (tries < MostRestarts)
            {
                Console.WriteLine($"  {name} did not start the first time");
            }
        }
    }
}
