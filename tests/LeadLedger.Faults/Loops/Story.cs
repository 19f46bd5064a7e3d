namespace LeadLedger.Faults.Loops;

/// <summary>
/// A whole small history of one person, which passes as much of the service as it can: a call is missed and answered by text, the database is away
/// while a form comes in, staff are told, a scheduled step falls due, and the person opts out.
/// </summary>
public static class Story
{
    private static readonly TimeSpan Outage = TimeSpan.FromMilliseconds(600);

    public static async Task<Footprint> TellAsync(LoopRig rig, Person person)
    {
        await UseCases.CallAsync(rig, person);
        await rig.SettledAsync([person]);
        rig.Proxy.Refuse(true);
        var form = UseCases.FormAsync(rig, person);
        try
        {
            await Task.WhenAny(form, Task.Delay(Outage));
            await Task.Delay(Outage);
        }
        finally
        {
            rig.Proxy.Refuse(false);
        }

        await form;
        await ArrivedAsync(rig, person, "form_submitted");
        await rig.SettledAsync([person]);
        await rig.Footprints.BringForwardAsync(person, "escalate_task");
        await rig.SettledAsync([person]);
        await UseCases.StopAsync(rig, person);
        await ArrivedAsync(rig, person, "opted_out");
        return await rig.SettledAsync([person]);
    }

    /// <summary>Waits until a fact is there: what was spooled arrives later than it was taken.</summary>
    public static Task ArrivedAsync(LoopRig rig, Person person, string fact) => Patient.UntilAsync(
        async () => (await rig.Footprints.OfAsync([person])).Lines.Any(line => line.StartsWith("lead: ", StringComparison.Ordinal) && line.Split(' ').Contains(fact)),
        $"lost: {fact} was taken and is not there");
}
