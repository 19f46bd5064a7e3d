using LeadLedger.Faults.Twin;

namespace LeadLedger.Faults.Loops;

/// <summary>The provider takes a text, answers with an error and never reports: only its list can tell what became of it.</summary>
public static class UnknownStory
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public static async Task<Footprint> TellAsync(LoopRig rig, Person person)
    {
        await rig.PlanAsync(new TwinPlan
        {
            OnlyTo = person.Phone,
            Modes = new Dictionary<TwinMode, int> { [TwinMode.AcceptedThen500] = 1 },
            Callbacks = new Dictionary<TwinCallback, int> { [TwinCallback.Never] = 1 },
        });
        try
        {
            await UseCases.CallAsync(rig, person);
            await rig.SettledAsync([person], Patience);
            var watch = System.Diagnostics.Stopwatch.StartNew();
            while (true)
            {
                await rig.Footprints.BringForwardAsync(person, "settle_text");
                var found = await rig.SettledAsync([person], Patience);
                if (found.Lines.Contains("work: send_sms done"))
                {
                    return found;
                }

                if (watch.Elapsed > Patience)
                {
                    throw new LoopViolationException($"the provider lists the text and it is still unknown after {Patience.TotalSeconds} s: {found}");
                }

                await Task.Delay(100);
            }
        }
        finally
        {
            await rig.PlanAsync(LoopRig.Healthy);
        }
    }
}
