using LeadLedger.Faults.Processes;

namespace LeadLedger.Faults.Loops;

/// <summary>
/// Plants every defect of the build, one after another, and runs the tests until one sees it. A fault test counts only if it would notice; a defect
/// that no test notices fails the run.
/// </summary>
public sealed class DefectTable(LoopRig rig)
{
    private static readonly ServiceRole Role = new() { Dispatches = true };

    private readonly Dictionary<string, Footprint> _expected = new(StringComparer.Ordinal);
    private FailPointLoop? _failPoints;

    // The test that is meant to see it; the others follow if it does not.
    private static readonly Dictionary<string, string> Meant = new(StringComparer.Ordinal)
    {
        ["ack-before-commit"] = "intake",
        ["forgotten-receipts"] = "intake",
        ["projection-outside-transaction"] = "intake",
        ["blind-replay-on-unknown"] = "commands",
        ["unsorted-gate-rows"] = "at once",
        ["fire-early"] = "provider",
        ["resend-on-timeout"] = "provider",
        ["resend-on-server-error"] = "provider",
        ["unconfirmed-untold"] = "provider",
        ["callbacks-go-back"] = "provider",
        ["no-consent-recheck-at-mark"] = "opt-out",
        ["lease-without-fence"] = "paused worker",
        ["send-without-mark"] = "paused worker",
        ["resend-after-lease"] = "killed worker",
        ["breaker-ignored"] = "breaker",
        ["no-inbox-key"] = "intake",
        ["no-token-settlement"] = "provider",
    };

    // Needs a night, an old backup, a damaged file, a full cap or the provider's list: there the service's own tests plant it.
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["validity-past-window"] = "TextMarkTests",
        ["caps-ignored"] = "TextCapTests",
        ["held-flushed-without-decision"] = "BreakerTests",
        ["resend-if-absent-from-list"] = "SettlementTests",
        ["sweep-without-dedupe"] = "SweepTests",
        ["safe-start-skipped"] = "SafeStartTests",
        ["release-not-required"] = "SendingLockTests",
        ["spool-ignores-checksum"] = "the tests of the spool",
        ["spool-drain-skipped"] = "the tests of the spool",
        ["spool-without-fsync"] = "nothing but a power cut",
    };

    private readonly Dictionary<string, string?> _controls = new(StringComparer.Ordinal);

    /// <summary>Finds out what is right, on a process without a defect.</summary>
    public async Task PrepareAsync()
    {
        await rig.StartServiceAsync(UseCases.Service, Role with { Dispatches = false, CountsKept = true });
        foreach (var useCase in (UseCase[])[UseCases.NewMissedCall, UseCases.Duplicate, UseCases.Merge, UseCases.Completion])
        {
            _expected[useCase.Name] = (await new NthMessageLoop(rig, TimeSpan.FromMinutes(1)).UndisturbedAsync(useCase, new LoopResult("", "", "")))!;
        }

        await rig.StartServiceAsync(UseCases.Service, Role);
        _expected["text"] = await new ProviderFaults(rig).ExpectedAsync();
        _failPoints = new FailPointLoop(rig);
    }

    /// <summary>Plants one.</summary>
    public async Task<LoopResult> RunAsync(string defect)
    {
        var result = new LoopResult("planted defect", defect, "not caught");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var environment = new Dictionary<string, string> { ["LEADLEDGER_DEFECT"] = defect };
        if (Elsewhere.TryGetValue(defect, out var place))
        {
            result.NotRun = $"seen by {place}";
            return result;
        }

        var meant = Meant.GetValueOrDefault(defect);
        foreach (var (name, test) in Tests(environment).Where(test => meant is null || test.Name == meant))
        {
            if (await ControlAsync(name) is { } alarm)
            {
                result.Violations.Add($"{name} complains without a defect, so it proves nothing: {alarm}");
                continue;
            }

            if (await SeenByAsync(test) is { } words)
            {
                result = result with { Variant = $"{name}: {words}" };
                result.Covered = 1;
                break;
            }
        }

        if (result.Covered == 1)
        {
            result.Violations.Clear();
        }
        else if (result.Violations.Count == 0)
        {
            result.Violations.Add("no test of the loops notices it");
        }

        result.Places = 1;
        result.Complete = true;
        result.Took = watch.Elapsed;
        return result;
    }

    // The same test on the same rig with nothing planted, once: what it says then is a false alarm.
    private async Task<string?> ControlAsync(string name)
    {
        if (!_controls.TryGetValue(name, out var alarm))
        {
            alarm = await SeenByAsync(Tests([]).Single(test => test.Name == name).Test);
            _controls[name] = alarm;
        }

        return alarm;
    }

    private static async Task<string?> SeenByAsync(Func<Task<LoopResult>> test)
    {
        try
        {
            return (await test()).Violations is [var words, ..] ? Shorten(words) : null;
        }
        catch (LoopViolationException violation)
        {
            return Shorten(violation.Message);
        }
    }

    private static string Shorten(string words) => words.Replace('|', '/') is { Length: > 160 } text ? text[..160] + "…" : words.Replace('|', '/');

    private IReadOnlyList<(string Name, Func<Task<LoopResult>> Test)> Tests(Dictionary<string, string> environment) =>
    [
        ("intake", async () => await MessagesAsync(environment, UseCases.NewMissedCall, UseCases.Duplicate)),
        ("provider", async () =>
        {
            await AloneAsync(environment, Role);
            return await new ProviderFaults(rig).RunAsync(_expected["text"]);
        }),
        ("opt-out", async () => await new StopRace(rig).RunAsync(environment)),
        ("paused worker", async () => await _failPoints!.RunAsync("text.before_mark", "stop", true, environment)),
        ("killed worker", async () => await _failPoints!.RunAsync("text.called", "kill", false, environment)),
        ("commands", async () => await MessagesAsync(environment, UseCases.Merge, UseCases.Completion)),
        ("at once", async () =>
        {
            await AloneAsync(environment, Role with { Dispatches = false });
            return await new AtOnce(rig).RunAsync();
        }),
        ("breaker", async () =>
        {
            await AloneAsync(environment, Role with { BreakerFailures = 3 });
            await PausedStory.TellAsync(rig, rig.NextPerson());
            return new LoopResult("", "", "");
        }),
    ];

    private async Task<LoopResult> MessagesAsync(Dictionary<string, string> environment, params IReadOnlyList<UseCase> useCases)
    {
        await AloneAsync(environment, Role with { Dispatches = false, CountsKept = true });
        var loop = new NthMessageLoop(rig, TimeSpan.FromMinutes(2), mostViolations: 1);
        LoopResult result = new("", "", "");
        foreach (var useCase in useCases)
        {
            foreach (var position in new[] { CutPosition.AfterEffect })
            {
                result = await loop.RunAsync(useCase, position, cold: false, expected: _expected[useCase.Name]);
                if (result.Violations.Count > 0)
                {
                    return result;
                }
            }
        }

        return result;
    }

    private async Task<ServiceProcess> AloneAsync(Dictionary<string, string> environment, ServiceRole role)
    {
        foreach (var name in (string[])["second", "worker", "desk"])
        {
            await rig.StopServiceAsync(name);
        }

        return await rig.StartServiceAsync(UseCases.Service, role, environment);
    }
}
