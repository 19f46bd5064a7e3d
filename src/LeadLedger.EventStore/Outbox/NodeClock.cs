using System.Diagnostics;
using NodaTime;
using Npgsql;

namespace LeadLedger.EventStore.Outbox;

/// <summary>
/// Compares this machine's clock with the database's. Correctness never rests on a clock, but a machine that is ahead would do
/// everything too early, and one that is behind too late: it does not claim until it agrees again.
/// </summary>
public sealed class NodeClock(NpgsqlDataSource database, IClock clock)
{
    /// <summary>More than this apart is too much.</summary>
    public static readonly Duration Tolerance = Duration.FromSeconds(2);

    /// <summary>How often it is compared while it is right. A jump of our own clock is seen at once, one of the database's within this time.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>How often it is compared while it is wrong: work waits for it.</summary>
    public static readonly TimeSpan IntervalWhenWrong = TimeSpan.FromSeconds(1);

    private static readonly Duration Jump = Duration.FromSeconds(1);

    private (Instant At, long Ticks)? _compared;

    /// <summary>How far this machine was ahead, at least, at the last comparison; null before the first.</summary>
    public Duration? Ahead { get; private set; }

    /// <summary>
    /// Whether it must be compared before anything is claimed: it was long ago, or our clock has since gone differently from the one that
    /// only counts, which nobody can set.
    /// </summary>
    public bool IsDue
    {
        get
        {
            if (_compared is not { } last)
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

    /// <summary>Compares; a database that takes long to answer does not make a clock wrong.</summary>
    public async Task<bool> AgreesAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select clock_timestamp()");
        var before = clock.GetCurrentInstant();
        var began = Stopwatch.GetTimestamp();
        var theirs = Instants.FromTimestamp((DateTime)(await command.ExecuteScalarAsync(cancellation))!);
        var trip = Stopwatch.GetElapsedTime(began);
        _compared = (before, began);

        // Theirs was read some time between the two: what a slow answer may explain is no difference.
        var after = before + Duration.FromTimeSpan(trip);
        Ahead = theirs > after ? after - theirs : theirs < before ? before - theirs : Duration.Zero;
        return !IsWrong;
    }
}
