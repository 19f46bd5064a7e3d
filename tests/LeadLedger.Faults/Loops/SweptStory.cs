namespace LeadLedger.Faults.Loops;

/// <summary>A call is missed and no webhook tells of it: only the provider's list does, and the sweep has to find it there, once.</summary>
public static class SweptStory
{
    // Younger ones are left to their webhooks.
    private const int MinutesAgo = 4;

    public static async Task<Footprint> TellAsync(LoopRig rig, Person person)
    {
        await rig.Twin.ListCallAsync(person.CallSid, person.Phone, MinutesAgo);
        await using var back = rig.Database.CreateCommand(
            "update provider_sweep set swept_until = now() - interval '10 minutes', last_success_at = null, next_at = now()");
        await Patient.UntilAsync(async () => await back.ExecuteNonQueryAsync() > 0, "no account is swept");

        // A sweep that was lost is made again five minutes later; here those have passed already.
        await using var again = rig.Database.CreateCommand("update provider_sweep set next_at = now() where last_success_at is null and next_at > now()");
        await using var done = rig.Database.CreateCommand("select count(*) from provider_sweep where last_success_at is not null and last_problem is null");
        await Patient.UntilAsync(
            async () =>
            {
                await again.ExecuteNonQueryAsync();
                return (long)(await done.ExecuteScalarAsync())! > 0;
            },
            "the account is not swept");
        await Story.ArrivedAsync(rig, person, "task_opened");
        return await rig.SettledAsync([person]);
    }
}
