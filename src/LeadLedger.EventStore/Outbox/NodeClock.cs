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

    /// <summary>How often it is compared.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>How far this machine was ahead at the last comparison; null before the first.</summary>
    public Duration? Ahead { get; private set; }

    public bool IsWrong => Ahead is { } ahead && IsTooFar(ahead);

    public static bool IsTooFar(Duration ahead) => ahead > Tolerance || ahead < -Tolerance;

    /// <summary>Compares, counting half of the round trip as the way there.</summary>
    public async Task<bool> AgreesAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select clock_timestamp()");
        var before = clock.GetCurrentInstant();
        var began = Stopwatch.GetTimestamp();
        var theirs = Instants.FromTimestamp((DateTime)(await command.ExecuteScalarAsync(cancellation))!);
        var trip = Stopwatch.GetElapsedTime(began);
        Ahead = before + Duration.FromTimeSpan(trip / 2) - theirs;
        return !IsWrong;
    }
}
