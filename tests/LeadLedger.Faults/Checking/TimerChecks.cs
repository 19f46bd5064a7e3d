using System.Globalization;
using Npgsql;

namespace LeadLedger.Faults.Checking;

/// <summary>Scheduled rows fire once, not before they are due, and not much later; nothing is stuck (I15, I20).</summary>
internal static class TimerChecks
{
    public static async Task RunAsync(NpgsqlDataSource source, CheckInput input, LedgerFindings findings, CheckReport report)
    {
        var timers = await LedgerReading.RowsAsync(
            source, "select body->>'task', body->>'rung', due_at, state, finished_at from outbox where kind = 'escalate_task'",
            static reader => (
                Task: reader.GetString(0), Rung: reader.GetString(1), Due: reader.GetDateTime(2), State: reader.GetString(3),
                Finished: reader.IsDBNull(4) ? (DateTime?)null : reader.GetDateTime(4)));
        var late = new List<double>();
        foreach (var timer in timers.Where(timer => timer.State == "done"))
        {
            var (first, count) = findings.Escalations.GetValueOrDefault($"{timer.Task} {timer.Rung}");
            var closed = findings.ClosedTasks.Contains(timer.Task);
            report.Check("I20", "scheduled rows fire exactly once", count == 1 || count == 0 && closed, $"task {timer.Task} rung {timer.Rung} fired {count} times");
            if (count > 0)
            {
                report.Check("I20", "scheduled rows do not fire early", first >= timer.Due,
                    string.Create(CultureInfo.InvariantCulture, $"task {timer.Task} fired {(timer.Due - first).TotalMilliseconds:0} ms early"));
                late.Add((first - timer.Due).TotalSeconds);
            }
        }

        if (late.Count > 0)
        {
            late.Sort();
            report.Figure("scheduled rows fired", late.Count);
            report.Figure("lateness p50, s", late[late.Count / 2]);
            report.Figure("lateness p99, s", late[(int)(late.Count * 0.99)]);
            report.Figure("lateness worst, s", late[^1]);
        }

        await StuckAsync(source, input, report);
    }

    private static async Task StuckAsync(NpgsqlDataSource source, CheckInput input, CheckReport report)
    {
        var stopped = input.StoppedAt.ToString("O", CultureInfo.InvariantCulture);
        var open = await LedgerReading.RowsAsync(
            source,
            $"""
            select kind, state, count(*), coalesce(min(last_error), ''), extract(epoch from '{stopped}'::timestamptz - min(due_at))::float8
            from outbox
            where state in ('claimed', 'calling') or state = 'parked' and kind = 'escalate_task'
               or state = 'pending' and due_at < '{stopped}'::timestamptz - interval '5 seconds'
            group by kind, state
            """,
            static reader => (Kind: reader.GetString(0), State: reader.GetString(1), Count: reader.GetInt64(2), Error: reader.GetString(3), Age: reader.GetDouble(4)));
        report.Trials("I15", "no work item is stuck", await LedgerReading.NumberAsync(source, "select count(*) from outbox"));
        foreach (var stuck in open)
        {
            report.Violation("I15", "no work item is stuck",
                string.Create(CultureInfo.InvariantCulture, $"{stuck.Count} {stuck.Kind} {stuck.State}, the oldest due {stuck.Age:0} s ago: {stuck.Error}"));
        }

        var parked = await LedgerReading.NumberAsync(source, "select count(*) from outbox where state = 'parked'");
        report.Figure("parked work items", parked);
        var states = await LedgerReading.RowsAsync(
            source, "select kind || ' ' || state, count(*) from outbox group by 1 order by 1", static reader => $"{reader.GetString(0)} {reader.GetInt64(1)}");
        report.Figure("work items", string.Join(", ", states));
    }
}
