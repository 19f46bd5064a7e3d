using LeadLedger.Faults.Twin;

namespace LeadLedger.Faults.Loops;

/// <summary>The provider takes a text, answers with an error and never reports: only its list can tell what became of it.</summary>
public static class UnknownStory
{
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
            await rig.SettledAsync([person]);
            Footprint found = null!;
            await Patient.UntilAsync(
                async () =>
                {
                    await rig.Footprints.BringForwardAsync(person, "settle_text");
                    found = await rig.SettledAsync([person]);
                    return found.Lines.Contains("work: send_sms done");
                },
                "the provider lists the text and it is still unknown");
            return found;
        }
        finally
        {
            await rig.PlanAsync(LoopRig.Healthy);
        }
    }
}
