using System.Diagnostics;
using LeadLedger.Faults.Twin;

namespace LeadLedger.Faults.Loops;

/// <summary>
/// One text for each way in which the provider can fail, and for each order in which its callbacks can come: at most one is taken, and afterwards the
/// ledger either knows or says that it does not.
/// </summary>
public sealed class ProviderFaults(LoopRig rig)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <param name="expected">What an undisturbed text leaves; null finds out first.</param>
    public async Task<LoopResult> RunAsync(Footprint? expected = null)
    {
        var result = new LoopResult("provider faults", "one text", "every mode, every callback");
        var watch = Stopwatch.StartNew();
        expected ??= await ExpectedAsync();
        foreach (var mode in Enum.GetValues<TwinMode>())
        {
            foreach (var callback in mode == TwinMode.Ok ? Enum.GetValues<TwinCallback>() : [TwinCallback.InOrder, TwinCallback.Never])
            {
                await OnceAsync(mode, callback, expected, result);

                // A success in between keeps the breaker closed, which has its own test.
                await ExpectedAsync();
            }
        }

        await rig.PlanAsync(LoopRig.Healthy);
        result.Places = Enum.GetValues<TwinMode>().Length;
        result.Complete = true;
        result.Took = watch.Elapsed;
        return result;
    }

    /// <summary>One undisturbed text.</summary>
    public async Task<Footprint> ExpectedAsync()
    {
        await rig.PlanAsync(LoopRig.Healthy);
        var person = rig.NextPerson();
        await UseCases.CallAsync(rig, person);
        return await rig.SettledAsync([person], Patience);
    }

    private async Task OnceAsync(TwinMode mode, TwinCallback callback, Footprint expected, LoopResult result)
    {
        var person = rig.NextPerson();
        await rig.PlanAsync(new TwinPlan
        {
            OnlyTo = person.Phone,
            Modes = new Dictionary<TwinMode, int> { [mode] = 1 },
            Callbacks = new Dictionary<TwinCallback, int> { [callback] = 1 },
            CallbackMs = 10,
            LateMs = 1500,
            SlowMs = 300,
            HangMs = 2000,
        });
        var where = $"{mode}, callbacks {callback}";
        try
        {
            await UseCases.CallAsync(rig, person);
            var found = await rig.SettledAsync([person], Patience, hurry: mode != TwinMode.TooMany);
            var problems = new List<string>(await Creates.ProblemsAsync(rig, [person]));
            problems.AddRange(found.Problems);
            problems.AddRange(SendJudge.Compare(expected, found).Where(problem => mode != TwinMode.Rejected || problem != "ended as work: send_sms rejected"));
            problems.AddRange(Wrong(mode, callback, found));
            result.Violations.AddRange(problems.Select(problem => $"{where}: {problem}"));
        }
        catch (LoopViolationException violation)
        {
            result.Violations.Add($"{where}: {violation.Message}");
        }

        result.Covered++;
    }

    private static IEnumerable<string> Wrong(TwinMode mode, TwinCallback callback, Footprint found)
    {
        if (found.Lines.Count(line => line.StartsWith("lead: ", StringComparison.Ordinal)) != 1
            || found.Lines.Count(line => line.StartsWith("work: send_sms", StringComparison.Ordinal)) != 1)
        {
            yield return $"there is not exactly one lead and one text: {found}";
            yield break;
        }

        var lead = found.Lines.Single(line => line.StartsWith("lead: ", StringComparison.Ordinal)).Split(' ');
        var ended = found.Lines.Single(line => line.StartsWith("work: send_sms", StringComparison.Ordinal)).Split(' ')[2];
        var taken = mode is TwinMode.Ok or TwinMode.Slow or TwinMode.AcceptedThenDropped or TwinMode.AcceptedThenHangs or TwinMode.AcceptedThen500 or TwinMode.Malformed;
        if (taken && callback != TwinCallback.Never && (ended != "done" || !lead.Contains("sms_delivered")))
        {
            yield return $"the provider took it and said so, and the ledger ends at {ended}: {string.Join(' ', lead)}";
        }

        if (lead.Count(word => word == "sms_accepted") > 1 || lead.Count(word => word == "sms_sent") > 1 || lead.Count(word => word == "sms_delivered") > 1)
        {
            yield return $"an outcome was recorded twice: {string.Join(' ', lead)}";
        }

        if (Array.LastIndexOf(lead, "sms_sent") > Array.IndexOf(lead, "sms_delivered") && lead.Contains("sms_delivered"))
        {
            yield return "a text that was delivered went back to sent";
        }

        if (mode is TwinMode.Refused500 or TwinMode.Dropped or TwinMode.Hangs && !lead.Any(SendJudge.SaysUnknown))
        {
            yield return $"it is unknown whether the text left, and the ledger ends at {ended} without saying so";
        }
    }
}
