using LeadLedger.Faults.Twin;

namespace LeadLedger.Faults.Loops;

/// <summary>
/// The provider fails until texts are paused; what comes then waits, goes out once when the provider is well again, and nobody has to ask for it.
/// </summary>
public static class PausedStory
{
    private const int MostFailures = 12;
    private static readonly TimeSpan Another = TimeSpan.FromSeconds(4);

    /// <summary>Tells it; the footprint is that of the person whose text had to wait.</summary>
    public static async Task<Footprint> TellAsync(LoopRig rig, Person person)
    {
        await rig.PlanAsync(LoopRig.Healthy with { Modes = new Dictionary<TwinMode, int> { [TwinMode.Refused500] = 1 } });
        try
        {
            for (var failures = 0; await HoldsAsync(rig) == 0; failures++)
            {
                if (failures == MostFailures)
                {
                    throw new LoopViolationException($"{failures} texts failed in a row and nothing is paused");
                }

                var unlucky = rig.NextPerson();
                await UseCases.CallAsync(rig, unlucky);

                // A process that slept before it could pause does so when it wakes up; then this text waits as well.
                await Patient.UntilAsync(
                    async () => (await rig.LookAsync([unlucky])).IsSettled || await HoldsAsync(rig) > 0, "a text neither failed nor waits for the pause");
            }

            await UseCases.CallAsync(rig, person);
        }
        finally
        {
            await rig.PlanAsync(LoopRig.Healthy);
        }

        await using var forward = rig.Database.CreateCommand(
            "update outbox set due_at = now() where kind = 'try_again' and state = 'pending' and due_at > now()");
        var since = System.Diagnostics.Stopwatch.StartNew();
        await Patient.UntilAsync(
            async () =>
            {
                if (since.Elapsed > Another)
                {
                    // Nobody may ever know whether the text that was let through has left. Then the next one finds out.
                    since.Restart();
                    await UseCases.CallAsync(rig, rig.NextPerson());
                }

                await forward.ExecuteNonQueryAsync();
                return await HoldsAsync(rig) == 0;
            },
            "the provider is well and texts are still paused");
        return await rig.SettledAsync([person]);
    }

    private static async Task<long> HoldsAsync(LoopRig rig)
    {
        await using var command = rig.Database.CreateCommand("select count(*) from sending_hold where set_by <> 'spool'");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
