using System.Diagnostics;
using System.Security.Cryptography;
using LeadLedger.EventStore.Faults;
using LeadLedger.EventStore.Writing;
using LeadLedger.Hosting;
using LeadLedger.Intake.Webhooks;
using LeadLedger.Sending;
using Npgsql;

namespace LeadLedger.Intake.Spool;

/// <summary>
/// Brings the database back into use: probes it while it is away, replays what was kept in order of arrival, and opens the gate for texts when
/// neither this process nor another one keeps anything that could be an opt-out.
/// </summary>
public sealed partial class SpoolDrain : BackgroundService
{
    /// <summary>Most kept webhooks under way at once; it bounds what a drain takes from live work.</summary>
    private const int MostTogether = 32;

    /// <summary>Webhooks looked at together, to find as many as may run at once.</summary>
    private const int MostAhead = 128;

    // After so many tries with a database that answers, the webhook itself is the trouble.
    private const int TriesBeforeQuarantine = 8;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReplayPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AccountInterval = TimeSpan.FromSeconds(10);

    private readonly Guid _me = new(RandomNumberGenerator.GetBytes(16));
    private readonly LedgerDatabase _store;
    private readonly WebhookSpool _spool;
    private readonly WebhookIntake _intake;
    private readonly DatabaseWatch _watch;
    private readonly TextGate _gate;
    private readonly Nodes _nodes;
    private readonly NodeSight _sight;
    private readonly IntakeAccount _account;
    private readonly SpoolTiming _timing;
    private readonly ILogger<SpoolDrain> _log;
    private readonly SemaphoreSlim _woken = new(0, 1);
    private readonly SemaphoreSlim _never = new(0, 1);
    private SpoolSegment? _segment;
    private int _next;
    private int _failures;
    private int _tries;
    private long _beatAt;
    private long _reported;
    private long _accountedAt;
    private long _awaySince;
    private bool _wasAway;
    private bool _isBack;
    private string _waitingFor = "";

    public SpoolDrain(
        LedgerDatabase store, WebhookSpool spool, WebhookIntake intake, DatabaseWatch watch, TextGate gate, Nodes nodes,
        IntakeAccount account, LedgerWriter writer, SpoolTiming timing, ILogger<SpoolDrain> log)
    {
        _store = store;
        _spool = spool;
        _intake = intake;
        _watch = watch;
        _gate = gate;
        _nodes = nodes;
        _sight = new NodeSight(timing);
        _account = account;
        _timing = timing;
        _log = log;
        gate.Shut += Wake;
        writer.ConnectionLost += gate.Close;
    }

    /// <summary>This process, to the others on the database.</summary>
    public Guid Node => _me;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_store.IsOpen)
        {
            _watch.ReportAway("the database cannot be reached");
        }

        // One look before anything else runs: in the usual case texts may leave from the first moment on.
        await LookAsync(replay: false, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            if (_spool.Depth == 0 && !_watch.IsAway)
            {
                await _nodes.ForgetAsync([_me], cancellationToken);
            }
        }
        catch (Exception exception) when (IsTrouble(exception))
        {
            // The others wait a minute for this process, as for one that was killed.
            LogProblem(_log, exception.Message);
        }
    }

    public override void Dispose()
    {
        _gate.Shut -= Wake;
        base.Dispose();
        _woken.Dispose();
        _never.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                // Every webhook that is kept wakes it; a database that is away is asked no oftener for that.
                var pause = await LookAsync(replay: true, stoppingToken);
                await (_failures > 0 ? _never : _woken).WaitAsync(pause, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping; what is kept stays on the disk for the next start.
        }
    }

    private void Wake()
    {
        try
        {
            if (_woken.CurrentCount == 0)
            {
                _woken.Release();
            }
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody else woke it in the same moment, or nothing is left to be woken.
        }
    }

    /// <summary>One look; answers how long to wait before the next.</summary>
    private async Task<TimeSpan> LookAsync(bool replay, CancellationToken cancellation)
    {
        var shuts = _gate.Shuts;
        try
        {
            if (_watch.IsAway && !await ReachAsync(cancellation))
            {
                return Pause();
            }

            await BeatAsync(cancellation);
            while (replay && _spool.Depth > 0)
            {
                if (!await ReplayAsync())
                {
                    return Pause();
                }

                if (Stopwatch.GetElapsedTime(_beatAt) > _timing.Heartbeat)
                {
                    await BeatAsync(cancellation);
                }
            }

            await OpenGateAsync(shuts, cancellation);
            await AccountAsync(cancellation);
            _failures = 0;
            return _timing.Heartbeat;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            LogProblem(_log, exception.Message);
            if (IsTrouble(exception))
            {
                _watch.ReportAway(exception.Message);
            }

            return Pause();
        }
    }

    private async Task<bool> ReachAsync(CancellationToken cancellation)
    {
        if (!_wasAway)
        {
            _wasAway = true;
            _awaySince = Stopwatch.GetTimestamp();
            LogAway(_log, _watch.Reason ?? "");
        }

        if (!await _store.ReachAsync(cancellation))
        {
            return false;
        }

        _watch.ReportBack();
        LogBack(_log, (long)Stopwatch.GetElapsedTime(_awaySince).TotalSeconds, _spool.Depth);
        return true;
    }

    // A little more patience each time, never the same: many processes must not knock at one moment.
    private TimeSpan Pause()
    {
        var longest = Math.Min(LongestPause.TotalMilliseconds, ShortestPause.TotalMilliseconds * Math.Pow(2, Math.Min(_failures, 10)));
        _failures++;
        return TimeSpan.FromMilliseconds((longest / 2) + RandomNumberGenerator.GetInt32((int)(longest / 2) + 1));
    }

    private async Task BeatAsync(CancellationToken cancellation)
    {
        var depth = _spool.Depth;
        await _nodes.BeatAsync(_me, _spool.Ids, depth, cancellation);
        _reported = depth;
        _beatAt = Stopwatch.GetTimestamp();
        _isBack |= _wasAway;
        _wasAway = false;
    }

    private async Task OpenGateAsync(long shuts, CancellationToken cancellation)
    {
        if (_spool.Depth > 0)
        {
            return;
        }

        var look = await _nodes.LookAsync(_me, cancellation);
        var (awaited, dead) = _sight.Judge(look, Stopwatch.GetElapsedTime(0), _isBack);
        _isBack = false;
        if (dead.Count > 0)
        {
            LogDead(_log, dead.Count, dead.Sum(node => node.Depth));
            await _nodes.ForgetAsync([.. dead.Select(node => node.Id)], cancellation);
        }

        if (awaited.Count > 0)
        {
            if (_gate.IsOpen)
            {
                _gate.Close();
            }

            Tell(awaited);
            return;
        }

        _waitingFor = "";
        if (_reported > 0)
        {
            await BeatAsync(cancellation);
        }

        if (look.Holding)
        {
            await _nodes.LiftAsync(cancellation);
        }

        if (!_watch.IsAway && _spool.Depth == 0)
        {
            _gate.TryOpen(shuts);
        }
    }

    private void Tell(IReadOnlyList<NodeRow> awaited)
    {
        var text = string.Join(", ", awaited.Select(node => node.Id.ToString()).Order(StringComparer.Ordinal));
        if (text != _waitingFor)
        {
            _waitingFor = text;
            LogWaiting(_log, text, awaited.Sum(node => node.Depth));
        }
    }

    private async Task AccountAsync(CancellationToken cancellation)
    {
        if (Stopwatch.GetElapsedTime(_accountedAt) > AccountInterval)
        {
            _accountedAt = Stopwatch.GetTimestamp();
            await _account.CheckAsync(cancellation);
        }
    }

    /// <summary>
    /// Replays the next webhooks of the oldest segment, at once as far as they are about different people and calls; false when the database
    /// did not take one of them.
    /// </summary>
    private async Task<bool> ReplayAsync()
    {
        if (_segment is null)
        {
            _segment = _spool.Oldest();
            _next = 0;
            if (_segment is null)
            {
                return false;
            }
        }

        var end = Math.Min(_next + MostAhead, _segment.Records.Count);
        FailPoint.Hit(FailPoints.SpoolBeforeReplay);
        var replayed = Begin(_segment, end);
        await Task.WhenAll(replayed.Select(each => each.Done));
        foreach (var (at, webhook, done) in replayed)
        {
            var kind = await done;
            if (kind >= Deliveries.ResultKind.Unavailable && !await QuarantineAsync(webhook, kind))
            {
                // What is before it is in the ledger; it and what follows come again, and what of that was stored is known by its receipt.
                _next = at;
                _spool.Progress(_next);
                return false;
            }
        }

        _tries = 0;
        _failures = 0;
        FailPoint.Hit(FailPoints.SpoolReplayed);
        _next = end;
        _spool.Progress(_next);
        if (_next >= _segment.Records.Count)
        {
            LogReplayed(_log, _segment.Records.Count, _spool.Depth);
            _spool.Remove(_segment);
            _segment = null;
        }

        return true;
    }

    private List<(int At, Webhook Webhook, Task<Deliveries.ResultKind> Done)> Begin(SpoolSegment segment, int end)
    {
        var begun = new List<(int At, Webhook Webhook, Task<Deliveries.ResultKind> Done)>();
        var latest = new Dictionary<string, Task<Deliveries.ResultKind>>(StringComparer.Ordinal);
        Task<Deliveries.ResultKind>? all = null;
        var places = new SemaphoreSlim(MostTogether);
        for (var at = _next; at < end; at++)
        {
            // One that cannot be unsealed was set aside with its bytes when the segment was read.
            if (segment.Records[at] is not { } text)
            {
                continue;
            }

            var webhook = WebhookBytes.Read(text);
            var about = webhook.OrderKeys;
            Task<Deliveries.ResultKind>[] before = about.Count == 0
                ? [.. begun.Select(each => each.Done)]
                : [.. about.Select(latest.GetValueOrDefault).Append(all).OfType<Task<Deliveries.ResultKind>>().Distinct()];
            var done = ReplayAfterAsync(before, webhook, places);
            begun.Add((at, webhook, done));
            foreach (var key in about)
            {
                latest[key] = done;
            }

            all = about.Count == 0 ? done : all;
        }

        return begun;
    }

    private async Task<Deliveries.ResultKind> ReplayAfterAsync(
        Task<Deliveries.ResultKind>[] before, Webhook webhook, SemaphoreSlim places)
    {
        foreach (var kind in await Task.WhenAll(before))
        {
            if (kind is Deliveries.ResultKind.Unavailable or Deliveries.ResultKind.Busy)
            {
                return kind;
            }
        }

        await places.WaitAsync();
        try
        {
            return await _intake.ReplayAsync(webhook, ReplayPatience);
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<bool> QuarantineAsync(Webhook webhook, Deliveries.ResultKind kind)
    {
        if (kind != Deliveries.ResultKind.Refused && ++_tries <= TriesBeforeQuarantine)
        {
            return false;
        }

        // The next one that fails has tries of its own.
        _tries = 0;
        return await _intake.QuarantineAsync(webhook, "it could not be taken in again after it was kept");
    }

    private static bool IsTrouble(Exception exception) =>
        exception is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException or ObjectDisposedException or OperationCanceledException;

    [LoggerMessage(Level = LogLevel.Error, Message = "The database is away, webhooks are kept on the disk and texts wait: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is back after {Seconds} seconds; {Count} kept webhooks go into it now")]
    private static partial void LogBack(ILogger logger, long seconds, long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} kept webhooks are in the ledger, {Left} are left")]
    private static partial void LogReplayed(ILogger logger, int count, long left);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Texts wait for other processes that may keep webhooks: {Nodes}, which reported {Count}")]
    private static partial void LogWaiting(ILogger logger, string nodes, long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Nodes} other processes no longer report; they kept {Count} webhooks when they last did. Start them again on their data folders")]
    private static partial void LogDead(ILogger logger, int nodes, long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kept webhooks cannot be looked after: {Reason}")]
    private static partial void LogProblem(ILogger logger, string reason);
}
