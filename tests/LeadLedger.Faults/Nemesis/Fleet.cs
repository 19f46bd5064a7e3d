using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using LeadLedger.Faults.Processes;

namespace LeadLedger.Faults.Nemesis;

/// <summary>One to three processes of the service on one database, under a supervisor that starts at once what has ended.</summary>
public sealed class Fleet : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly Scratch _scratch;
    private readonly Slot[] _slots;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _crashes = new();
    private readonly ConcurrentQueue<double> _stops = new();
    private int _kills;
    private int _starts;

    public Fleet(Scratch scratch, IEnumerable<ServiceOptions> processes)
    {
        _scratch = scratch;
        _slots = [.. processes.Select(options => new Slot(options))];
    }

    public int Count => _slots.Length;

    public IReadOnlyList<string> Urls => [.. _slots.Select(slot => ServiceProcess.UrlOf(slot.Options.Port))];

    public int Kills => _kills;

    public int Starts => _starts;

    /// <summary>Ends that nobody asked for, with the last lines of output.</summary>
    public IReadOnlyList<string> Crashes => [.. _crashes];

    /// <summary>Seconds from SIGTERM to the end.</summary>
    public IReadOnlyList<double> Stops => [.. _stops];

    public async Task StartAsync()
    {
        foreach (var slot in _slots)
        {
            // One after the other: the first one makes the schema.
            slot.Loop = Task.Run(() => SuperviseAsync(slot));
            if (!await WaitUntilReadyAsync(slot, TimeSpan.FromSeconds(60)))
            {
                throw new InvalidOperationException($"the service does not get ready:\n{Output}\n{slot.LastWords}");
            }
        }
    }

    /// <summary>kill -9; the supervisor starts it again.</summary>
    public void Kill(int index)
    {
        if (_slots[index].Process is { HasExited: false } process)
        {
            _slots[index].Expected = true;
            Signals.Send(process.Id, Signals.Kill);
            Interlocked.Increment(ref _kills);
        }
    }

    public void Pause(int index) => _slots[index].Process?.Pause();

    public void Resume(int index) => _slots[index].Process?.Resume();

    /// <summary>SIGTERM, waits for the end; the supervisor starts it again.</summary>
    public async Task RestartAsync(int index)
    {
        var slot = _slots[index];
        if (slot.Process is not { HasExited: false } process || !await process.AnswersAsync("/health/live"))
        {
            // It is just coming up and hears no SIGTERM yet.
            return;
        }

        slot.Expected = true;
        var watch = Stopwatch.StartNew();
        process.Terminate();
        if (!await process.WaitForExitAsync(StopLimit))
        {
            _crashes.Enqueue($"did not stop within {StopLimit.TotalSeconds} s of SIGTERM:\n{Tail(process)}");
            await process.KillAsync();
        }
        else if (process.ExitCode is not (0 or 137))
        {
            _crashes.Enqueue($"ended with {process.ExitCode} after SIGTERM:\n{Tail(process)}");
        }

        _stops.Enqueue(watch.Elapsed.TotalSeconds);
    }

    /// <summary>Thaws everything and waits until every process is ready.</summary>
    /// <returns>The ones that are not.</returns>
    public async Task<IReadOnlyList<string>> HealAsync(TimeSpan limit)
    {
        var slow = new List<string>();
        foreach (var slot in _slots)
        {
            slot.Process?.Resume();
        }

        foreach (var slot in _slots)
        {
            if (!await WaitUntilReadyAsync(slot, limit))
            {
                slow.Add($"{ServiceProcess.UrlOf(slot.Options.Port)} is not ready:\n{(slot.Process is { } process ? Tail(process) : "not started")}");
            }
        }

        return slow;
    }

    /// <summary>SIGTERM to all at once, without starting them again.</summary>
    /// <returns>For each the seconds it took, and its exit code.</returns>
    public async Task<IReadOnlyList<(double Seconds, int? Code)>> StopAsync()
    {
        await _stop.CancelAsync();
        var watch = Stopwatch.StartNew();
        var ends = _slots.Select(async slot =>
        {
            if (slot.Process is not { } process)
            {
                return (0d, (int?)null);
            }

            slot.Expected = true;
            process.Terminate();
            return await process.WaitForExitAsync(StopLimit) ? (watch.Elapsed.TotalSeconds, process.ExitCode) : (watch.Elapsed.TotalSeconds, null);
        });
        return await Task.WhenAll(ends);
    }

    /// <summary>Latest lines of every process.</summary>
    public string Output => string.Join('\n', _slots.Select(slot => slot.Process is { } process ? Tail(process) : ""));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var slot in _slots)
        {
            slot.Expected = true;
            if (slot.Process is { } process)
            {
                await process.DisposeAsync();
            }

            await slot.Loop;
        }

        _stop.Dispose();
    }

    private static string Tail(ServiceProcess process) => string.Join('\n', process.Log.TakeLast(12));

    private static async Task<bool> WaitUntilReadyAsync(Slot slot, TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < limit)
        {
            if (slot.Process is { HasExited: false } process && await process.AnswersAsync("/health/ready"))
            {
                return true;
            }

            await Task.Delay(50);
        }

        return false;
    }

    private async Task SuperviseAsync(Slot slot)
    {
        while (!_stop.IsCancellationRequested)
        {
            slot.Expected = false;
            var process = slot.Process = ServiceProcess.Launch(slot.Options, _scratch.Watchdog);
            Interlocked.Increment(ref _starts);
            while (!await process.WaitForExitAsync(TimeSpan.FromSeconds(1)) && !_stop.IsCancellationRequested)
            {
            }

            if (_stop.IsCancellationRequested)
            {
                return;
            }

            slot.LastWords = string.Create(CultureInfo.InvariantCulture, $"ended with {process.ExitCode}:\n{Tail(process)}");

            // 2: it refused to start because the database was away.
            if (!slot.Expected && process.ExitCode is not 2)
            {
                _crashes.Enqueue(string.Create(CultureInfo.InvariantCulture, $"ended by itself with {process.ExitCode}:\n{Tail(process)}"));
            }

            await Task.Delay(process.ExitCode is 2 ? 200 : 5);
        }
    }

    private sealed class Slot(ServiceOptions options)
    {
        private volatile bool _expected;

        public ServiceOptions Options => options;

        public ServiceProcess? Process { get; set; }

        /// <summary>How it ended the last time.</summary>
        public string LastWords { get; set; } = "";

        public bool Expected
        {
            get => _expected;
            set => _expected = value;
        }

        public Task Loop { get; set; } = Task.CompletedTask;
    }
}
