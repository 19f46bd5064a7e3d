using System.Globalization;
using LeadLedger.EventStore;
using LeadLedger.EventStore.Faults;
using LeadLedger.EventStore.Schema;
using LeadLedger.Hosting;
using LeadLedger.Postgres;
using NodaTime;
using Npgsql;

namespace LeadLedger.Backup;

/// <summary>
/// What must be true before the first lead is taken in: a server that keeps what it confirms, a schema this program knows, and clocks that
/// agree. Each refusal is one sentence with its remedy.
/// </summary>
public static class SafeStart
{
    /// <summary>How far the two clocks may be apart; quiet hours and leases are decided on ours, staff read both.</summary>
    public static readonly Duration MostSkew = Duration.FromSeconds(2);

    /// <summary>Returns warnings, one sentence each; an empty list is the normal case.</summary>
    /// <exception cref="UnsafeServerException">The server may lose what it confirmed.</exception>
    /// <exception cref="UnsafeStartException">Something else is wrong.</exception>
    public static async Task<IReadOnlyList<string>> VerifyAsync(
        NpgsqlConnection connection, IClock clock, Func<string, string?> environment, CancellationToken cancellation)
    {
        if (PlantedDefect.Is(Defects.SafeStartSkipped))
        {
            return [];
        }

        var warnings = await SafeServerCheck.VerifyAsync(connection, SafeServerCheck.IsAllowed(environment), cancellation);
        JudgeSchema(await Migrator.NewerScriptsAsync(connection, LedgerDatabase.SchemaAssemblies, cancellation));
        JudgeClock(await SkewAsync(connection, clock, cancellation));
        return warnings;
    }

    internal static void JudgeSchema(IReadOnlyList<string> newer)
    {
        if (newer.Count > 0)
        {
            throw new UnsafeStartException(
                $"This database was brought up to date by a newer LeadLedger ({string.Join(", ", newer)}): start that version, or restore a backup made before the upgrade.");
        }
    }

    /// <param name="skew">How far the database's clock is ahead of ours, at least.</param>
    internal static void JudgeClock(Duration skew)
    {
        if (skew > MostSkew || -skew > MostSkew)
        {
            throw new UnsafeStartException(string.Create(CultureInfo.InvariantCulture,
                $"The database's clock is {Math.Abs(skew.TotalSeconds):N1} s {(skew > Duration.Zero ? "ahead of" : "behind")} this machine's, more than {MostSkew.TotalSeconds:N0} s: set both with NTP (timedatectl set-ntp true) and start again."));
        }
    }

    // The question takes a while: what the clocks may differ by because of it is given to them.
    private static async Task<Duration> SkewAsync(NpgsqlConnection connection, IClock clock, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        await command.ExecuteScalarAsync(cancellation);
        var before = clock.GetCurrentInstant();
        var theirs = Instants.FromTimestamp((DateTime)(await command.ExecuteScalarAsync(cancellation))!);
        var after = clock.GetCurrentInstant();
        return theirs > after ? theirs - after : theirs < before ? theirs - before : Duration.Zero;
    }
}
