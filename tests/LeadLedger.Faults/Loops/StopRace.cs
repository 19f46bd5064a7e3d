using System.Diagnostics;
using LeadLedger.Faults.Processes;

namespace LeadLedger.Faults.Loops;

/// <summary>
/// A worker stands still at one place of sending, the person opts out through another process, the worker goes on. No mark may be committed after the
/// opt-out; a text that was marked before may still leave, once.
/// </summary>
public sealed class StopRace(LoopRig rig)
{
    private const string Worker = "worker";
    private const string Desk = "desk";

    /// <summary>The places of sending outside any transaction: inside one, the opt-out waits for its end.</summary>
    public static IReadOnlyList<string> Places { get; } = ["outbox.claimed", "text.before_mark", "text.marked", "text.called", "text.concluded"];

    public async Task<LoopResult> RunAsync()
    {
        var result = new LoopResult("opt-out race", "claim, mark, send", "the worker stands still, the opt-out commits, the worker goes on");
        var watch = Stopwatch.StartNew();
        await rig.StopServiceAsync(UseCases.Service);
        await rig.StartServiceAsync(Desk, new ServiceRole { Dispatches = false });
        foreach (var place in Places)
        {
            try
            {
                result.Violations.AddRange((await OnceAsync(place)).Select(problem => $"{place}: {problem}"));
                result.Covered++;
            }
            catch (LoopViolationException violation)
            {
                result.Violations.Add($"{place}: {violation.Message}");
            }
        }

        await rig.StopServiceAsync(Worker);
        await rig.StopServiceAsync(Desk);
        result.Places = Places.Count;
        result.Complete = true;
        result.Took = watch.Elapsed;
        return result;
    }

    private async Task<IReadOnlyList<string>> OnceAsync(string place)
    {
        await rig.StopServiceAsync(Worker);
        var person = rig.NextPerson();
        await UseCases.CallAsync(rig, person);
        rig.Arm(place, "stop");

        // The lease is longer than the pause: it is the opt-out that is to overtake the worker, not a recovery.
        var worker = await rig.StartServiceAsync(Worker, new ServiceRole { Dispatches = true, CallSeconds = 2, LeaseSeconds = 5 }, wait: false);
        await Patient.UntilAsync(() => Task.FromResult(Signals.IsStopped(worker.Id)), $"the worker did not come to {place}");
        await rig.Provider.DeliverAsync([rig[Desk].Url], Webhooks.SignedWebhooks.Stop(person.MessageSid(1), person.Phone));
        await Story.ArrivedAsync(rig, person, "opted_out");
        worker.Resume();
        var found = await rig.SettledAsync([person]);
        return [.. found.Problems, .. await Creates.ProblemsAsync(rig, [person]), .. await LateMarksAsync(person), .. await TooLateAsync(place, person)];
    }

    // Order of commits, from the server's own record of them.
    private async Task<IReadOnlyList<string>> LateMarksAsync(Person person)
    {
        await using var command = rig.Database.CreateCommand(
            """
            select count(*) from outbox_attempt a
            join outbox o on o.id = a.outbox_id
            join mt_events e on e.tenant_id = o.tenant_id and e.stream_id = o.stream_id and e.type = 'opted_out'
            where o.kind = 'send_sms' and o.body ->> 'to' = $1 and a.step = 'mark' and o.body ->> 'purpose' <> 'opt_out_confirmation'
              and pg_xact_commit_timestamp(a.xmin) > pg_xact_commit_timestamp(e.xmin)
            """);
        command.Parameters.AddWithValue(person.Phone);
        return (long)(await command.ExecuteScalarAsync())! is > 0 and var late ? [$"{late} marks were committed after the opt-out"] : [];
    }

    private async Task<IReadOnlyList<string>> TooLateAsync(string place, Person person)
    {
        var taken = rig.Twin.ReadLog().Count(record => record.What == "accepted" && record.To == person.Phone);
        var marked = place is not ("outbox.claimed" or "text.before_mark");
        return taken > 0 && !marked ? [$"{taken} texts were sent after the opt-out"]
            : taken > 1 ? [$"{taken} texts were sent"] : [];
    }
}
