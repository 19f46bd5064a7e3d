using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Npgsql;

namespace LeadLedger.Staff.Live;

/// <summary>
/// Tells open pages that something was committed, by any process on the database. One short query serves every page of this process, and none is
/// asked while no page is open.
/// </summary>
public sealed partial class LiveFeed(NpgsqlDataSource database, ILogger<LiveFeed> log) : BackgroundService
{
    /// <summary>Most pages that one process keeps up to date.</summary>
    public const int MostPages = 500;

    // Numbers are given before the commit: an event can appear after one with a higher number.
    private const int LookBack = 500;
    private const int Most = 5000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan BetweenTellings = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, LivePage> _pages = new();
    private readonly SemaphoreSlim _opened = new(0);
    private readonly HashSet<(string Tenant, Guid Stream)> _changed = [];
    private HashSet<long> _seen = [];
    private long _last = -1;
    private long _listened;
    private long _told;
    private long _toldAt;

    /// <summary>Pages that are open now.</summary>
    public int Open => _pages.Count;

    /// <summary>How often pages were told so far: what was read before the latest telling may lack what it told of.</summary>
    public long Told => Interlocked.Read(ref _told);

    /// <summary>Listens for a page; dispose of it when the page is closed. Null when too many are open.</summary>
    /// <param name="tenants">The businesses it shows.</param>
    /// <param name="lead">Only this lead; null for all of them.</param>
    public LivePage? Listen(IReadOnlyCollection<string> tenants, Guid? lead)
    {
        if (_pages.Count >= MostPages)
        {
            return null;
        }

        var id = Interlocked.Increment(ref _listened);
        var page = new LivePage(tenants, lead, () => _pages.TryRemove(id, out _));
        _pages[id] = page;
        _opened.Release();
        return page;
    }

    public override void Dispose()
    {
        base.Dispose();
        _opened.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (true)
            {
                if (_pages.IsEmpty)
                {
                    _last = -1;
                    await _opened.WaitAsync(stoppingToken);
                }

                await TellAsync(stoppingToken);
                await timer.WaitForNextTickAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task TellAsync(CancellationToken cancellation)
    {
        try
        {
            var isFirst = _last < 0;
            await using var command = database.CreateCommand(isFirst
                ? $"select e.seq_id, e.tenant_id, e.stream_id from mt_events e order by e.seq_id desc limit {LookBack}"
                : $"select e.seq_id, e.tenant_id, e.stream_id from mt_events e where e.seq_id > $1 order by e.seq_id limit {Most}");
            if (!isFirst)
            {
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = _last - LookBack });
            }

            var seen = new HashSet<long>();
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                var number = reader.GetInt64(0);
                _last = Math.Max(_last, number);
                seen.Add(number);
                if (!isFirst && !_seen.Contains(number))
                {
                    _changed.Add((reader.GetString(1), reader.GetGuid(2)));
                }
            }

            _last = Math.Max(_last, 0);
            _seen = seen;
            if (isFirst)
            {
                // Whatever was read while nobody listened may be out of date.
                Interlocked.Increment(ref _told);
            }

            Tell();
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            // The database is away; the pages show what they have.
            LogAway(log, exception.Message);
        }
    }

    // The first change after a quiet time is told at once; under load one telling a second stands for all that came since.
    private void Tell()
    {
        if (_changed.Count == 0 || (_told > 0 && Stopwatch.GetElapsedTime(_toldAt) < BetweenTellings))
        {
            return;
        }

        Interlocked.Increment(ref _told);
        _toldAt = Stopwatch.GetTimestamp();
        foreach (var page in _pages.Values)
        {
            page.Tell(_changed);
        }

        _changed.Clear();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Open pages cannot be told what is new: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);
}

/// <summary>One open page and what it waits for.</summary>
public sealed class LivePage(IReadOnlyCollection<string> tenants, Guid? lead, Action closed) : IDisposable
{
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Has something when what the page shows may have changed.</summary>
    public ChannelReader<bool> Changes => _changes.Reader;

    public void Tell(IReadOnlySet<(string Tenant, Guid Stream)> changed)
    {
        if (changed.Any(each => tenants.Contains(each.Tenant) && (lead is null || lead == each.Stream)))
        {
            _changes.Writer.TryWrite(true);
        }
    }

    public void Dispose() => closed();
}
