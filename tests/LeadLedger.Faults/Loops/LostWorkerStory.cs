namespace LeadLedger.Faults.Loops;

/// <summary>A call is missed and answered; later its scheduled step is claimed by a worker that never comes back, and somebody has to look after it.</summary>
public static class LostWorkerStory
{
    public static async Task<Footprint> TellAsync(LoopRig rig, Person person)
    {
        await UseCases.CallAsync(rig, person);
        await rig.SettledAsync([person]);
        if (await rig.Footprints.LoseWorkerAsync(person, "escalate_task") != 1)
        {
            throw new LoopViolationException("there is not exactly one scheduled row whose worker can be lost");
        }

        return await rig.SettledAsync([person]);
    }
}
