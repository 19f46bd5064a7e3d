using System.Diagnostics;

namespace LeadLedger.Faults.Loops;

/// <summary>
/// Everything of some people at once, each delivery twice: every person ends with one lead, and the rows are locked in one order, so that
/// PostgreSQL never has to break a deadlock.
/// </summary>
public sealed class AtOnce(LoopRig rig)
{
    private const int Pairs = 60;
    private const int Together = 32;

    public async Task<LoopResult> RunAsync()
    {
        var result = new LoopResult("at once", "calls and forms that share numbers and mailboxes", $"{Pairs} pairs, {Together} in flight");
        var watch = Stopwatch.StartNew();
        var before = await DeadlocksAsync();
        var pairs = Enumerable.Range(0, Pairs).Select(_ => rig.NextPerson()).ToArray();
        var work = pairs.SelectMany(Deliveries).ToArray();
        await Parallel.ForEachAsync(work, new ParallelOptions { MaxDegreeOfParallelism = Together }, async (deliver, _) =>
        {
            try
            {
                await deliver();
            }
            catch (LoopViolationException violation)
            {
                lock (result)
                {
                    result.Violations.Add(violation.Message);
                }
            }
        });
        foreach (var person in pairs)
        {
            result.Violations.AddRange((await rig.Footprints.OfAsync([person])).Problems);
        }

        if (await DeadlocksAsync() - before is > 0 and var deadlocks)
        {
            result.Violations.Add($"PostgreSQL broke {deadlocks} deadlocks");
        }

        result.Covered = work.Length;
        result.Places = Pairs;
        result.Complete = true;
        result.Took = watch.Elapsed;
        return result;
    }

    // A form names a number and a mailbox; two forms with both in common, and the call, meet on the same rows.
    private IEnumerable<Func<Task>> Deliveries(Person person) =>
    [
        () => UseCases.FormAsync(rig, person), () => UseCases.CallAsync(rig, person), () => UseCases.FormAsync(rig, person),
        () => UseCases.CallAsync(rig, person), () => UseCases.StopAsync(rig, person),
    ];

    private async Task<long> DeadlocksAsync()
    {
        // The server publishes its counters with a delay of up to a second.
        await Task.Delay(1500);
        await using var command = rig.Database.CreateCommand("select deadlocks from pg_stat_database where datname = current_database()");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
