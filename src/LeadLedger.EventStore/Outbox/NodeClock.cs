using System.Diagnostics;
using NodaTime;
using Npgsql;

namespace LeadLedger.EventStore.Outbox;

/// <summary>
/// Compares this machine's clock with the database's. Correctness never rests on a clock, but a machine that is ahead would do
/// everything too early, and one that is behind too late: it does not claim until it agrees again. As a clock it tells the time that everything
/// here is decided by.
/// </summary>
public sealed class NodeClock(NpgsqlDataSource database, IClock clock) : IClock
{
    /// <summary>More than this apart is too much.</summary>
    public static readonly Duration Tolerance = Duration.FromSeconds(2);

    /// <summary>How often it is compared while it is right. A jump of our own clock is seen at once, one of the database's within this time.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>How often it is compared while it is wrong: work waits for it.</summary>
    public static readonly TimeSpan IntervalWhenWrong = TimeSpan.FromSeconds(1);

    private static readonly Duration Jump = Duration.FromSeconds(1);

    private volatile Comparison? _last;
    private volatile Comparison? _agreed;

    /// <summary>How far this machine was ahead, at least, at the last comparison; null before the first.</summary>
    public Duration? Ahead => _last?.Ahead;

    /// <summary>
    /// Whether it must be compared before anything is claimed: it was long ago, or our clock has since gone differently from the one that
    /// only counts, which nobody can set.
    /// </summary>
    public bool IsDue
    {
        get
        {
            if (_last is not { } last)
            {
                return true;
            }

            var passed = Stopwatch.GetElapsedTime(last.Ticks);
            var drift = clock.GetCurrentInstant() - last.At - Duration.FromTimeSpan(passed);
            return passed >= (IsWrong ? IntervalWhenWrong : Interval) || drift > Jump || drift < -Jump;
        }
    }

    public bool IsWrong => Ahead is { } ahead && IsTooFar(ahead);

    public static bool IsTooFar(Duration ahead) => ahead > Tolerance || ahead < -Tolerance;

    /// <summary>
    /// This machine's time. While it disagrees with the database's, the time is counted on from when the two last agreed: whichever of them
    /// was set, webhooks that come in meanwhile are dated right, and so are their timers. Two that never agreed leave only this machine's.
    /// </summary>
    public Instant GetCurrentInstant()
    {
        var now = clock.GetCurrentInstant();
        if (_agreed is not { } agreed)
        {
            return now;
        }

        var counted = agreed.At + Duration.FromTimeSpan(Stopwatch.GetElapsedTime(agreed.Ticks));
        return IsWrong || IsTooFar(now - counted) ? counted.ToMicroseconds() : now;
    }

    /// <summary>Compares; a database that takes long to answer does not make a clock wrong.</summary>
    public async Task<bool> AgreesAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select clock_timestamp()");
        var before = clock.GetCurrentInstant();
        var began = Stopwatch.GetTimestamp();
        var theirs = Instants.FromTimestamp((DateTime)(await command.ExecuteScalarAsync(cancellation))!);
        var trip = Stopwatch.GetElapsedTime(began);

        // Theirs was read some time between the two: what a slow answer may explain is no difference.
        var after = before + Duration.FromTimeSpan(trip);
        var ahead = theirs > after ? after - theirs : theirs < before ? before - theirs : Duration.Zero;
        var compared = new Comparison(before, began, ahead);
        _last = compared;
        if (!IsTooFar(ahead))
        {
            _agreed = compared;
        }

        return !IsTooFar(ahead);
    }

    private sealed record Comparison(Instant At, long Ticks, Duration Ahead);
}
