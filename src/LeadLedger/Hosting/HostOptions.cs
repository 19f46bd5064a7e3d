using LeadLedger.EventStore.Faults;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Intake.Spool;
using NodaTime;

namespace LeadLedger.Hosting;

/// <summary>What a test sets in place of the machine's own: the clock, the log, and how long outgoing calls may take.</summary>
public sealed record HostOptions
{
    public IClock Clock { get; init; } = SystemTime.Clock;

    /// <summary>How long one outgoing call may take, connecting included.</summary>
    public TimeSpan CallDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How patient the dispatcher is.</summary>
    public OutboxTiming Timing { get; init; } = OutboxTiming.Default;

    /// <summary>How patient intake is with its database.</summary>
    public SpoolTiming Spool { get; init; } = SpoolTiming.Default;

    /// <summary>Changes to the log; null keeps the console.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }

    /// <summary>What the service itself uses. Fault tests shorten its patience, in builds of the configuration Faults only.</summary>
    public static HostOptions FromEnvironment()
    {
        var options = new HostOptions();
        return options with
        {
            CallDeadline = Seconds("LEADLEDGER_CALL_SECONDS") ?? options.CallDeadline,
            Timing = options.Timing with
            {
                Lease = Seconds("LEADLEDGER_LEASE_SECONDS") is { } lease ? Duration.FromTimeSpan(lease) : options.Timing.Lease,
                PollWhenAway = Seconds("LEADLEDGER_AWAY_SECONDS") is { } away ? Duration.FromTimeSpan(away) : options.Timing.PollWhenAway,
                Recovery = Seconds("LEADLEDGER_RECOVERY_SECONDS") is { } recovery ? Duration.FromTimeSpan(recovery) : options.Timing.Recovery,
            },
        };

        static TimeSpan? Seconds(string name) => FaultSetting.Number(name) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
    }
}
