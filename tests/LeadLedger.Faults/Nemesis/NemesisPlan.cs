using LeadLedger.Faults.Twin;

namespace LeadLedger.Faults.Nemesis;

/// <summary>What is broken how often; everything is spread over the run by seed.</summary>
public sealed record NemesisPlan
{
    public required int Seed { get; init; }

    public int ServiceKills { get; init; }

    public int PostgresKills { get; init; }

    public int Resets { get; init; }

    public int Blackholes { get; init; }

    public TimeSpan Blackhole { get; init; } = TimeSpan.FromSeconds(3);

    public int Pauses { get; init; }

    /// <summary>Longer than the lease, so that another process takes the work over.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>PostgreSQL frozen: it accepts connections and answers nothing.</summary>
    public int Hangs { get; init; }

    public TimeSpan Hang { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>SIGTERM, one process after the other.</summary>
    public int Restarts { get; init; }

    /// <summary>Changes of what the provider does.</summary>
    public int ProviderPhases { get; init; }

    /// <summary>Not one request to the provider is answered well.</summary>
    public bool EveryTextFails { get; init; }
}

/// <summary>Breaks things by a seeded plan that is drawn before the run: bounded in count, and it heals what it broke.</summary>
public sealed class NemesisRun(NemesisPlan plan, Fleet fleet, Processes.PrivateServer server, TcpProxy proxy, TruthTwin twin)
{
    private readonly Dictionary<string, int> _done = new(StringComparer.Ordinal);
    private readonly List<Task> _healing = [];

    /// <summary>What was done, by name.</summary>
    public IReadOnlyDictionary<string, int> Done => _done;

    /// <summary>Milliseconds from the start of PostgreSQL after a kill until it answered.</summary>
    public List<double> Recoveries { get; } = [];

    /// <summary>Works the whole plan off within about the given time, then heals everything.</summary>
    public async Task RunAsync(TimeSpan during, CancellationToken cancellation)
    {
        var random = new Random(plan.Seed);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        try
        {
            foreach (var (at, what) in Schedule(random, during))
            {
                if (at - watch.Elapsed is { Ticks: > 0 } wait)
                {
                    await Task.Delay(wait, cancellation);
                }

                cancellation.ThrowIfCancellationRequested();
                _done[what] = _done.GetValueOrDefault(what) + 1;
                await DoAsync(what, random);
            }
        }
        catch (OperationCanceledException)
        {
            // The load ended first: what was planned later is not done and not counted.
        }

        await Task.WhenAll(_healing);
        proxy.Blackhole(false);
        await server.StartAsync();
        await twin.PlanAsync(new TwinPlan { Services = fleet.Urls });
    }

    private List<(TimeSpan At, string What)> Schedule(Random random, TimeSpan during)
    {
        var all = new List<(TimeSpan, string)>();
        foreach (var (what, count) in new (string, int)[]
        {
            ("service kills", plan.ServiceKills), ("PostgreSQL kills", plan.PostgresKills), ("connection resets", plan.Resets),
            ("blackholes", plan.Blackholes), ("pauses", plan.Pauses), ("rolling restarts", plan.Restarts), ("provider phases", plan.ProviderPhases),
            ("PostgreSQL hangs", plan.Hangs),
        })
        {
            // One in each equal slice, so that the whole run is disturbed and two runs differ only in the moment.
            for (var i = 0; i < count; i++)
            {
                all.Add(((i + random.NextDouble()) * during / count, what));
            }
        }

        all.Sort(static (a, b) => a.Item1.CompareTo(b.Item1));
        return all;
    }

    private async Task DoAsync(string what, Random random)
    {
        var one = random.Next(fleet.Count);
        switch (what)
        {
            case "service kills":
                fleet.Kill(one);
                break;
            case "PostgreSQL kills":
                await server.KillAsync();
                Recoveries.Add((await server.StartAsync()).TotalMilliseconds);
                break;
            case "connection resets":
                proxy.Reset();
                break;
            case "blackholes":
                proxy.Blackhole(true);
                _healing.Add(Task.Delay(plan.Blackhole).ContinueWith(_ => proxy.Blackhole(false), TaskScheduler.Default));
                break;
            case "pauses":
                fleet.Pause(one);
                _healing.Add(Task.Delay(plan.Pause).ContinueWith(_ => fleet.Resume(one), TaskScheduler.Default));
                break;
            case "PostgreSQL hangs":
                server.Freeze(true);
                _healing.Add(Task.Delay(plan.Hang).ContinueWith(_ => server.Freeze(false), TaskScheduler.Default));
                break;
            case "rolling restarts":
                _healing.Add(RollAsync());
                break;
            default:
                await twin.PlanAsync(Phase(random));
                break;
        }
    }

    private async Task RollAsync()
    {
        for (var index = 0; index < fleet.Count; index++)
        {
            await fleet.RestartAsync(index);
        }
    }

    private TwinPlan Phase(Random random)
    {
        var faulty = new[]
        {
            TwinMode.AcceptedThenDropped, TwinMode.AcceptedThenHangs, TwinMode.Hangs, TwinMode.Dropped, TwinMode.AcceptedThen500,
            TwinMode.Refused500, TwinMode.TooMany, TwinMode.Slow, TwinMode.Malformed,
        };
        var modes = plan.EveryTextFails ? [] : new Dictionary<TwinMode, int> { [TwinMode.Ok] = 60 };
        for (var i = 0; i < 3 || plan.EveryTextFails && i < faulty.Length; i++)
        {
            // A 429 sends the row to the end of a long ladder of tries, so it is rare where many texts are to come to an end.
            var mode = faulty[plan.EveryTextFails ? i : random.Next(faulty.Length)];
            modes[mode] = plan.EveryTextFails && mode == TwinMode.TooMany ? 1 : 10 + random.Next(10);
        }

        return new TwinPlan
        {
            Seed = random.Next(),
            Modes = modes,
            Callbacks = new Dictionary<TwinCallback, int>
            {
                [TwinCallback.InOrder] = 50,
                [TwinCallback.Duplicated] = 15,
                [TwinCallback.Reordered] = 15,
                [TwinCallback.Late] = 10,
                [TwinCallback.Never] = 10,
            },
            Services = fleet.Urls,
            CrmFailPercent = 20,
            LateMs = 2_000,
        };
    }
}
