using System.Diagnostics;
using System.Globalization;
using System.Text;
using LeadLedger.Faults.Checking;
using LeadLedger.Faults.Load;
using LeadLedger.Faults.Nemesis;

namespace LeadLedger.Faults.Runs;

/// <summary>Which runs there are: the quick one of every build, and the parts of the long one.</summary>
public static class Tiers
{
    /// <summary>No run lasts longer than this, whatever happens.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(60);

    /// <summary>Tiny counts and a fixed seed, within a minute.</summary>
    public static Task<int> QuickAsync(RunArguments args)
    {
        var seed = args.Number("seed", 1);
        return RunAsync("quick", args, async (report, cancellation) => await ChaosRun.RunAsync(
            new StageOptions
            {
                Seed = seed,
                Processes = 2,
                WithCrm = true,
                TextsPerNumber = 3,
                Business = file => file["textLimits"]!["numberPerHour"] = 3,
            },
            new Workload { Seed = seed, Count = args.Number("webhooks", 500), Rate = args.Number("rate", 25), People = 300 },
            new NemesisPlan
            {
                Seed = seed,
                ServiceKills = args.Number("service-kills", 3),
                PostgresKills = args.Number("postgres-kills", 2),
                Resets = 2,
                Blackholes = 1,
                Pauses = 1,
                Restarts = 1,
                ProviderPhases = 4,
            },
            report, cancellation));
    }

    /// <summary>Webhooks under kills of the service and of PostgreSQL.</summary>
    public static Task<int> IngestAsync(RunArguments args)
    {
        var seed = args.Number("seed", 20261120);
        return RunAsync("ingest", args, (report, cancellation) => ChaosRun.RunAsync(
            new StageOptions
            {
                Seed = seed,
                Processes = args.Number("processes", 2),
                Business = file => file["acknowledgement"]!["repeatWindow"] = "4h",
            },
            new Workload { Seed = seed, Count = args.Number("webhooks", 200_000), Rate = args.Number("rate", 260), People = args.Number("people", 40_000) },
            new NemesisPlan
            {
                Seed = seed,
                ServiceKills = args.Number("service-kills", 200),
                PostgresKills = args.Number("postgres-kills", 100),
                Resets = args.Number("resets", 20),
                Blackholes = args.Number("blackholes", 5),
                Pauses = args.Number("pauses", 10),
                Restarts = args.Number("restarts", 5),
                ProviderPhases = args.Number("phases", 20),
                Hangs = args.Number("hangs", 5),
            },
            report, cancellation));
    }

    /// <summary>A full disk under the data, under the WAL, and under the spool.</summary>
    public static Task<int> DiskAsync(RunArguments args)
    {
        var seed = args.Number("seed", 20261125);
        return RunAsync("disk", args, (report, cancellation) => DiskRun.RunAsync(seed, args.Number("webhooks", 800), report, cancellation));
    }

    /// <summary>Clocks that jump: the service's, one of two services', the database's.</summary>
    public static Task<int> ClockAsync(RunArguments args)
    {
        var seed = args.Number("seed", 20261126);
        return RunAsync("clock", args, (report, cancellation) => ClockRun.RunAsync(seed, report, cancellation));
    }

    /// <summary>A database that accepts and does not answer.</summary>
    public static Task<int> HangAsync(RunArguments args)
    {
        var seed = args.Number("seed", 20261127);
        return RunAsync("hang", args, (report, cancellation) => HangRun.RunAsync(
            seed, args.Number("webhooks", 600), TimeSpan.FromSeconds(args.Number("seconds", 10)), report, cancellation));
    }

    /// <summary>Texts of which not one is answered well, on two processes that are killed and paused.</summary>
    public static Task<int> SendsAsync(RunArguments args)
    {
        var seed = args.Number("seed", 20261121);
        var sends = args.Number("sends", 10_000);
        return RunAsync("sends", args, (report, cancellation) => ChaosRun.RunAsync(
            new StageOptions { Seed = seed, Processes = 2, CallDeadline = TimeSpan.FromSeconds(0.5), Lease = TimeSpan.FromSeconds(3) },
            new Workload { Seed = seed, Count = sends, Rate = args.Number("rate", 25), Only = "dial", InTurn = true, DuplicatePercent = 0, StopPercent = 0 },
            new NemesisPlan
            {
                Seed = seed,
                ServiceKills = args.Number("service-kills", 60),
                PostgresKills = args.Number("postgres-kills", 10),
                Pauses = args.Number("pauses", 20),
                Restarts = args.Number("restarts", 5),
                ProviderPhases = args.Number("phases", 40),
                EveryTextFails = true,
            },
            report, cancellation));
    }

    /// <summary>A steady load without faults, and a storm on one core.</summary>
    public static Task<int> LoadAsync(RunArguments args)
    {
        var seed = args.Number("seed", 20261122);
        var seconds = args.Number("seconds", 600);
        var rate = args.Number("rate", 300);
        return RunAsync("load", args, async (report, cancellation) =>
        {
            await LoadRun.StormAsync(seed, args.Number("calls", 80), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(45), report, cancellation);
            if (seconds > 0)
            {
                await LoadRun.SteadyAsync(
                    new StageOptions
                    {
                        Seed = seed,
                        Processes = args.Number("processes", 1),
                        Together = 512,
                        CallDeadline = TimeSpan.FromSeconds(10),
                        Lease = TimeSpan.FromSeconds(60),
                        Business = file => file["acknowledgement"]!["repeatWindow"] = "4h",
                    },
                    new Workload { Seed = seed, Count = seconds * rate, Rate = rate }, report, cancellation);
            }
        });
    }

    /// <summary>Scheduled rows that fall due while processes are killed.</summary>
    public static Task<int> TimersAsync(RunArguments args)
    {
        var seed = args.Number("seed", 20261123);
        var timers = args.Number("timers", 10_000);
        var rate = args.Number("rate", 120);
        var wait = TimeSpan.FromMinutes(2);
        return RunAsync("timers", args, (report, cancellation) => ChaosRun.RunAsync(
            new StageOptions
            {
                Seed = seed,
                Processes = 2,
                Business = file =>
                {
                    file["acknowledgement"]!["repeatWindow"] = "4h";
                    file["tasks"]!["ladder"] = System.Text.Json.Nodes.JsonNode.Parse(
                        """[{ "name": "owner_again", "after": "2m", "audience": "owner", "onlyUnclaimed": true }]""");
                },
            },
            new Workload { Seed = seed, Count = timers, Rate = rate, Only = "form", InTurn = true, DuplicatePercent = 0 },
            new NemesisPlan
            {
                Seed = seed,
                ServiceKills = args.Number("service-kills", 20),
                PostgresKills = args.Number("postgres-kills", 5),
                Pauses = args.Number("pauses", 5),
                Restarts = args.Number("restarts", 2),
            },
            report, cancellation, wait));
    }

    /// <summary>The sending window closes in the middle of the run.</summary>
    public static Task<int> QuietAsync(RunArguments args)
    {
        var seed = args.Number("seed", 20261124);
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/Chicago");
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, zone);

        // A window is told in whole minutes; it stays open for at least half of one.
        var close = TimeOnly.FromTimeSpan(local.TimeOfDay).AddMinutes(local.Second < 30 ? 1 : 2);
        close = new TimeOnly(close.Hour, close.Minute);
        var open = close.AddHours(-2) > close ? new TimeOnly(0, 0) : close.AddHours(-2);
        var until = (close.ToTimeSpan() - local.TimeOfDay).TotalSeconds;
        if (until < 0)
        {
            Console.WriteLine("quiet: not run, the window would cross midnight in Chicago; try again in some minutes.\n0 passed, 0 failed");
            return Task.FromResult(0);
        }

        var span = string.Create(CultureInfo.InvariantCulture, $"{open:HH\\:mm}-{close:HH\\:mm}");
        return RunAsync("quiet", args, (report, cancellation) => ChaosRun.RunAsync(
            new StageOptions
            {
                Seed = seed,
                Processes = 2,
                Window = _ => new QuietHours(zone.Id, open, close),
                Business = file => file["sending"]!["acknowledgement"] = new System.Text.Json.Nodes.JsonObject(
                    Enum.GetNames<DayOfWeek>().Select(day => KeyValuePair.Create(
                        day.ToLowerInvariant(), (System.Text.Json.Nodes.JsonNode?)new System.Text.Json.Nodes.JsonArray(span)))),
            },
            new Workload { Seed = seed, Count = (int)((until + 15) * 20), Rate = 20, Only = "dial", InTurn = true, DuplicatePercent = 0, People = 4000 },
            new NemesisPlan { Seed = seed, ServiceKills = args.Number("service-kills", 4), Pauses = args.Number("pauses", 2), ProviderPhases = 2 },
            report, cancellation));
    }

    /// <summary>All parts of the long run, one after the other.</summary>
    public static async Task<int> AllAsync(RunArguments args)
    {
        var worst = 0;
        foreach (var part in new[] { QuietAsync, TimersAsync, SendsAsync, IngestAsync, HangAsync, DiskAsync, ClockAsync })
        {
            worst = Math.Max(worst, await part(args));
        }

        return worst;
    }

    private static async Task<int> RunAsync(string name, RunArguments args, Func<CheckReport, CancellationToken, Task> run)
    {
        using var limit = new CancellationTokenSource(Longest);
        var report = new CheckReport();
        var watch = Stopwatch.StartNew();
        await run(report, limit.Token);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"## {name}").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{(report.Violations == 0 ? "No violation" : $"{report.Violations} violations")} in {watch.Elapsed.TotalSeconds:0} s.");
        text.AppendLine("With no violation in N trials the true rate is below 3/N with a confidence of 95 %.").AppendLine();
        text.Append(report.ToMarkdown());
        foreach (var words in report.Words)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {words}");
        }

        Console.WriteLine(text);
        if (args.Text("report") is { Length: > 0 } path)
        {
            await File.AppendAllTextAsync(path, text.ToString());
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Passed} passed, {report.Failed} failed"));
        return report.Violations == 0 ? 0 : 1;
    }
}
