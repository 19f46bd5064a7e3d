using System.Diagnostics;

namespace LeadLedger.Faults.Loops;

/// <summary>A call is missed and no webhook tells of it: only the provider's list does, and the sweep has to find it there, once.</summary>
public static class SweptStory
{
    // Younger ones are left to their webhooks.
    private const int MinutesAgo = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public static async Task<Footprint> TellAsync(LoopRig rig, Person person)
    {
        await rig.Twin.ListCallAsync(person.CallSid, person.Phone, MinutesAgo);
        var watch = Stopwatch.StartNew();
        await using var back = rig.Database.CreateCommand(
            "update provider_sweep set swept_until = now() - interval '10 minutes', last_success_at = null, next_at = now()");
        while (await back.ExecuteNonQueryAsync() == 0)
        {
            await WaitAsync(watch, "no account is swept");
        }

        // A sweep that was lost is made again five minutes later; here those have passed already.
        await using var again = rig.Database.CreateCommand("update provider_sweep set next_at = now() where last_success_at is null and next_at > now()");
        await using var done = rig.Database.CreateCommand("select count(*) from provider_sweep where last_success_at is not null and last_problem is null");
        while ((long)(await done.ExecuteScalarAsync())! == 0)
        {
            await WaitAsync(watch, "the account is not swept");
            await again.ExecuteNonQueryAsync();
        }

        await Story.ArrivedAsync(rig, person, "task_opened");
        return await rig.SettledAsync([person], Patience);
    }

    private static async Task WaitAsync(Stopwatch watch, string problem)
    {
        if (watch.Elapsed > Patience)
        {
            throw new LoopViolationException($"{problem} after {Patience.TotalSeconds} s");
        }

        await Task.Delay(200);
    }
}
