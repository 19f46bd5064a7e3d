using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadLedger.Faults.Checking;
using LeadLedger.Faults.Load;
using LeadLedger.Faults.Processes;
using Npgsql;

namespace LeadLedger.Faults.Runs;

/// <summary>Jumps of a whole process's clock under load: of the only service, of one of two, and of PostgreSQL.</summary>
public static class ClockRun
{
    private const string Stops = "a process with a wrong clock claims nothing and says so";
    private const string Dated = "what comes in under a wrong clock is dated, and its timers are set, by the true time";
    private const string Quiet = "no text while the window is closed by the true time and open by a wrong clock";
    private const string GoesOn = "it goes on when its clock is right again";

    /// <summary>The shortest that a business may ask for.</summary>
    private static readonly TimeSpan Timer = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan[] Jumps = [TimeSpan.FromDays(1), TimeSpan.FromDays(-1), TimeSpan.FromHours(1)];
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public static async Task RunAsync(int seed, CheckReport report, CancellationToken cancellation)
    {
        report.Trials("I21", Stops, 0);
        report.Trials("I21", GoesOn, 0);
        using (var scratch = new Scratch())
        {
            if (await new ClockShim(scratch.Folder).CompileAsync() is { } reason)
            {
                report.Figure("clock", $"not run: {reason}");
                return;
            }
        }

        await OneAsync("one process", 1, ["service0"], seed, report, cancellation);
        await OneAsync("one of two, then PostgreSQL", 2, ["service0", "postgres"], seed + 1, report, cancellation);
        await QuietAsync(seed + 2, report, cancellation);
    }

    /// <summary>The window opens in half an hour; clocks jump by an hour, into it.</summary>
    private static async Task QuietAsync(int seed, CheckReport report, CancellationToken cancellation)
    {
        report.Trials("I17", Quiet, 0);
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, TimeZoneInfo.FindSystemTimeZoneById("America/Chicago")).TimeOfDay;
        if (local > TimeSpan.FromHours(21))
        {
            report.Figure("clock, window", "not run: the window would cross midnight in Chicago");
            return;
        }

        var open = TimeOnly.FromTimeSpan(local).AddMinutes(30);
        var span = string.Create(CultureInfo.InvariantCulture, $"{open:HH\\:mm}-{open.AddHours(2):HH\\:mm}");
        ClockShim shim = null!;
        await using var stage = await PutUpAsync(1, seed, made => shim = made, file => file["sending"]!["acknowledgement"] = new JsonObject(
            Enum.GetNames<DayOfWeek>().Select(day => KeyValuePair.Create(day.ToLowerInvariant(), (JsonNode?)new JsonArray(span)))));
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var load = stage.Load.RunAsync(new Workload { Seed = seed, Count = 900, Rate = 15, InTurn = true, StopPercent = 0 }.Arrivals(), enough.Token);
        await Task.Delay(TimeSpan.FromSeconds(3), cancellation);
        foreach (var clock in (string[])["service0", "postgres", "both"])
        {
            Set(TimeSpan.FromHours(1));
            await Task.Delay(TimeSpan.FromSeconds(8), cancellation);
            Set(TimeSpan.Zero);
            await Task.Delay(TimeSpan.FromSeconds(4), cancellation);

            // Where both jump alike nothing tells them from right ones: that is counted and not judged.
            var texts = stage.Twin.ReadLog().Count(record => record.What == "received");
            report.Figure($"window, {clock} by +1 h: texts asked for so far", texts);
            if (clock != "both")
            {
                report.Check("I17", Quiet, texts == 0, $"{clock}: {texts} texts");
            }

            void Set(TimeSpan offset)
            {
                foreach (var each in clock == "both" ? (string[])["service0", "postgres"] : [clock])
                {
                    shim.Set(each, offset);
                }
            }
        }

        await enough.CancelAsync();
        await load;
    }

    private static async Task OneAsync(
        string name, int processes, IReadOnlyList<string> clocks, int seed, CheckReport report, CancellationToken cancellation)
    {
        ClockShim shim = null!;
        await using var stage = await PutUpAsync(processes, seed, made => shim = made, file =>
        {
            file["acknowledgement"]!["repeatWindow"] = "4h";
            file["tasks"]!["ladder"] = JsonNode.Parse(string.Create(CultureInfo.InvariantCulture,
                $$"""[{ "name": "owner_again", "after": "{{Timer.TotalSeconds}}s", "audience": "owner", "onlyUnclaimed": true }]"""));
        });
        var began = DateTime.UtcNow;
        var watch = Stopwatch.StartNew();
        using var ticker = Progress.Start("clock", watch, () => $"{name}, {stage.Load.Sent.Count} webhooks");
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var load = stage.Load.RunAsync(new Workload { Seed = seed, Count = 1200 * clocks.Count, Rate = 15, InTurn = true }.Arrivals(), enough.Token);

        // Timers are scheduled by right clocks before the first jump, and some of them fall due between jumps.
        await Task.Delay(TimeSpan.FromSeconds(3), cancellation);
        foreach (var clock in clocks)
        {
            foreach (var jump in Jumps)
            {
                await JumpAsync(clock, jump, stage, shim, report, cancellation);
            }
        }

        await enough.CancelAsync();
        await load;
        report.Figure($"{name}: seconds of jumps", watch.Elapsed.TotalSeconds);
        report.Figure($"{name}: answers by status", string.Join(", ", stage.Load.Statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}")));

        // The timers of the first ten seconds fall due, under clocks that are right again or that still jump.
        while (watch.Elapsed < Timer + TimeSpan.FromSeconds(12))
        {
            await Task.Delay(200, cancellation);
        }

        await TimersAsync(name, stage, began, report);
        await stage.JudgeAsync(report);
    }

    private static async Task<Stage> PutUpAsync(int processes, int seed, Action<ClockShim> made, Action<JsonObject> business)
    {
        ClockShim shim = null!;
        return await Stage.PutUpAsync(new StageOptions
        {
            Seed = seed,
            Processes = processes,
            Before = async folder =>
            {
                shim = new ClockShim(folder);
                await shim.CompileAsync();
                made(shim);
            },
            EnvironmentOf = (_, index) => shim.Environment(string.Create(CultureInfo.InvariantCulture, $"service{index}")),
            PostgresEnvironment = _ => shim.Environment("postgres"),
            Business = business,
        });
    }

    private static async Task JumpAsync(
        string clock, TimeSpan jump, Stage stage, ClockShim shim, CheckReport report, CancellationToken cancellation)
    {
        // A database that jumps puts every process in the wrong; a process only itself.
        var urls = clock == "postgres" ? stage.Fleet.Urls : [stage.Fleet.Urls[0]];
        var words = string.Create(CultureInfo.InvariantCulture, $"{clock} by {jump.TotalHours:+0;-0} h");
        shim.Set(clock, jump);
        var watch = Stopwatch.StartNew();
        var said = await UntilAsync(urls, wrong: true, TimeSpan.FromSeconds(14), cancellation);
        var from = DateTime.UtcNow.AddSeconds(0.7);
        report.Figure($"{words}: seconds until the alarm", said ? watch.Elapsed.TotalSeconds : -1);
        await Task.Delay(TimeSpan.FromSeconds(2.5), cancellation);
        var until = DateTime.UtcNow;
        shim.Set(clock, TimeSpan.Zero);
        watch.Restart();
        var right = await UntilAsync(urls, wrong: false, TimeSpan.FromSeconds(14), cancellation);
        report.Figure($"{words}: seconds until it went on", right ? watch.Elapsed.TotalSeconds : -1);
        report.Check("I21", Stops, said, $"{words}: no alarm clock_wrong in /api/status");
        if (stage.Fleet.Count == urls.Count)
        {
            // Nobody else works then, so nothing may have been asked of the provider.
            var texts = stage.Twin.ReadLog().Count(record => record.What == "received"
                && DateTime.UnixEpoch.AddTicks(record.At * 10) is var at && at > from && at < until);
            report.Check("I21", Stops, texts == 0, $"{words}: {texts} texts were asked for under a wrong clock");
        }

        report.Check("I21", GoesOn, right, $"{words}: the alarm stays");
        var back = DateTime.UtcNow;
        await Task.Delay(TimeSpan.FromSeconds(1.5), cancellation);
        var sent = stage.Twin.ReadLog().Count(record => record.What == "received" && DateTime.UnixEpoch.AddTicks(record.At * 10) > back.AddSeconds(-1.5));
        report.Check("I21", GoesOn, sent > 0, $"{words}: no text in the three seconds after the clock was right again");
    }

    private static async Task<bool> UntilAsync(IReadOnlyList<string> urls, bool wrong, TimeSpan limit, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < limit)
        {
            var all = true;
            foreach (var url in urls)
            {
                all &= await SaysAsync(url, cancellation) == wrong;
            }

            if (all)
            {
                return true;
            }

            await Task.Delay(100, cancellation);
        }

        return false;
    }

    private static async Task<bool?> SaysAsync(string url, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Loopback.Checked(url + "/api/status"))
            {
                Headers = { Authorization = new AuthenticationHeaderValue("Bearer", ServiceProcess.AdminKey) },
            };
            using var answer = await Http.SendAsync(request, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                return null;
            }

            using var status = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
            return status.RootElement.GetRawText().Contains("\"clock_wrong\"", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>
    /// Timers against the true time: whichever clock wrote an instant, only one offset puts it inside the run. None may be set by a wrong clock,
    /// and none may fire early.
    /// </summary>
    private static async Task TimersAsync(string name, Stage stage, DateTime began, CheckReport report)
    {
        var ended = DateTime.UtcNow;
        await using var source = NpgsqlDataSource.Create(stage.Server.ConnectionString);
        var timers = await LedgerReading.RowsAsync(
            source,
            """
            select o.due_at, e.fired
            from outbox o
            left join lateral (
                select min(pg_xact_commit_timestamp(e.xmin)) as fired from mt_events e
                where e.type = 'task_escalated' and e.data->>'task' = o.body->>'task' and e.data->>'rung' = o.body->>'rung') e on true
            where o.kind = 'escalate_task'
            """,
            static reader => (Due: reader.GetDateTime(0), Fired: reader.IsDBNull(1) ? (DateTime?)null : reader.GetDateTime(1)));
        var never = 0;
        foreach (var (due, fired) in timers)
        {
            if (True(due - Timer, began, ended) is not { } scheduled)
            {
                report.Violation("I21", "scheduled instants are those of a clock of this run", $"due {due:O}");
                continue;
            }

            var isRight = scheduled == due - Timer;
            var early = fired is { } at ? scheduled + Timer - True(at, began, ended) : null;
            never += fired is null ? 1 : 0;
            report.Check("I21", Dated, isRight, string.Create(CultureInfo.InvariantCulture, $"{name}: due {due:O}, scheduled {scheduled:O} in true time"));
            report.Check("I20", "timers do not fire early in true time", early is null || early <= TimeSpan.FromMilliseconds(100),
                string.Create(CultureInfo.InvariantCulture, $"{name}: due {due:O}, fired {early?.TotalSeconds:0.0} s early"));
        }

        report.Figure($"{name}: timers", timers.Count);
        report.Figure($"{name}: timers that did not fire yet (task closed, or not due)", never);
    }

    private static DateTime? True(DateTime at, DateTime began, DateTime ended) => Jumps.Prepend(TimeSpan.Zero)
        .Select(offset => (DateTime?)(at - offset))
        .FirstOrDefault(moment => moment > began.AddMinutes(-2) && moment < ended.AddMinutes(2));
}
