using System.Diagnostics;
using System.Globalization;
using LeadLedger.Faults.Checking;
using LeadLedger.Faults.Load;
using LeadLedger.Faults.Processes;

namespace LeadLedger.Faults.Runs;

/// <summary>Fills the volume of the data, of the WAL or of the spool in the middle of a load, keeps it full, makes room, and judges.</summary>
public static class DiskRun
{
    private const string Answers = "with a full disk: 2xx, or 503 that says when to come back";
    private const string Lives = "with a full disk: the service goes on running";
    private static readonly TimeSpan KeptFull = TimeSpan.FromSeconds(6);

    /// <summary>A full WAL is noticed only when the segment that is written is full too.</summary>
    private static readonly TimeSpan LongestUntilPanic = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(int seed, int webhooks, CheckReport report, CancellationToken cancellation)
    {
        report.Trials("I2", Answers, 0);
        report.Trials("I25", Lives, 0);
        if (await SmallVolume.WhyNotAsync() is { } reason)
        {
            report.Figure("disk", $"not run: {reason}");
            return;
        }

        // The WAL is apart in both, so that each volume is filled alone. Small segments: the WAL must need room within seconds.
        const string Small = "max_wal_size = '8MB'\nmin_wal_size = '2MB'\n";
        await OneAsync("data", "postgres", 96, "wal", Small, seed, webhooks, report, cancellation);
        // Segments that are used again would need no room for a long time.
        await OneAsync("WAL", "wal", 24, "wal", Small + "wal_recycle = off\n", seed + 1, webhooks, report, cancellation);
        await OneAsync("spool", "service0", 8, null, "", seed + 2, webhooks, report, cancellation);
    }

    private static async Task OneAsync(
        string name, string place, int megabytes, string? walFolder, string settings, int seed, int webhooks, CheckReport report,
        CancellationToken cancellation)
    {
        SmallVolume? volume = null;
        await using var stage = await Stage.PutUpAsync(new StageOptions
        {
            Seed = seed,
            Processes = 1,
            PostgresSettings = settings,
            WalFolder = walFolder,
            Before = async folder =>
            {
                Directory.CreateDirectory(Path.Combine(folder, walFolder ?? ""));
                volume = await SmallVolume.CreateAsync(Path.Combine(folder, place), megabytes);
            },
        });
        const int Rate = 20;
        var watch = Stopwatch.StartNew();
        using var ticker = Progress.Start("disk", watch, () => $"{name} volume, {stage.Load.Sent.Count} of {webhooks} webhooks");
        var load = stage.Load.RunAsync(new Workload { Seed = seed, Count = webhooks, Rate = Rate }.Arrivals(), cancellation);
        await Task.Delay(TimeSpan.FromSeconds(Math.Min(5, webhooks / Rate / 3)), cancellation);
        var spool = name == "spool";
        if (spool)
        {
            await stage.Server.StopAsync();
            await Task.Delay(TimeSpan.FromSeconds(2), cancellation);
        }

        await FullAsync(name, volume!, stage, report, cancellation);
        if (spool)
        {
            // There is room again and still no database: it must keep again by itself.
            var before = Acked(stage);
            await Task.Delay(TimeSpan.FromSeconds(3), cancellation);
            report.Check("I2", "a spool with room again keeps again", Acked(stage) > before, "no webhook was acknowledged in 3 s after the ballast was deleted");
        }

        report.Figure($"{name}: PostgreSQL had to be started again", stage.Server.IsRunning ? "no" : "yes");
        await stage.Server.StartAsync();
        await load;
        var statuses = stage.Load.Statuses.ToArray();
        var others = statuses.Where(pair => pair.Key is not (>= 200 and < 300 or 503)).Sum(pair => pair.Value);
        report.Trials("I2", Answers, statuses.Sum(pair => pair.Value));
        if (others + stage.Load.BusyWithoutRetryAfter > 0)
        {
            report.Violation("I2", Answers, string.Create(CultureInfo.InvariantCulture,
                $"{name}: {others} other answers, {stage.Load.BusyWithoutRetryAfter} times 503 without Retry-After ({Words(statuses)})"));
        }

        report.Figure($"{name}: answers by status", Words(statuses));
        report.Figure($"{name}: slowest answer, s", stage.Load.LongestAnswer.TotalSeconds);
        report.Check("I25", Lives, stage.Fleet.Starts == 1, $"{name}: {string.Join('\n', stage.Fleet.Crashes)}");
        await stage.JudgeAsync(report);
    }

    private static async Task FullAsync(string name, SmallVolume volume, Stage stage, CheckReport report, CancellationToken cancellation)
    {
        var before = stage.Load.Statuses.GetValueOrDefault(503);
        var acked = Acked(stage);
        var full = Stopwatch.StartNew();
        long ballast = 0;
        while (full.Elapsed < KeptFull || (name == "WAL" && stage.Server.IsRunning && full.Elapsed < LongestUntilPanic))
        {
            // What a checkpoint gives back is taken again.
            ballast = volume.Fill();
            await Task.Delay(200, cancellation);
        }

        report.Figure($"{name}: seconds full", full.Elapsed.TotalSeconds);
        report.Figure($"{name}: 503 while full", stage.Load.Statuses.GetValueOrDefault(503) - before);
        report.Figure($"{name}: 2xx while full", Acked(stage) - acked);
        report.Figure($"{name}: ballast, MB", ballast / 1048576.0);
        report.Figure($"{name}: said by PostgreSQL", stage.Server.Log.LastOrDefault(line => line.Contains("No space left", StringComparison.Ordinal)) ?? "nothing of space");
        volume.Empty();
    }

    private static int Acked(Stage stage) => stage.Load.Statuses.Where(pair => pair.Key is >= 200 and < 300).Sum(pair => pair.Value);

    private static string Words(IEnumerable<KeyValuePair<int, int>> statuses) =>
        string.Join(", ", statuses.OrderBy(pair => pair.Key).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}: {pair.Value}")));
}
