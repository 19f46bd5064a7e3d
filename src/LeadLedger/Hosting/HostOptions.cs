using NodaTime;

namespace LeadLedger.Hosting;

/// <summary>What a test sets in place of the machine's own: the clock, the log, and how long outgoing calls may take.</summary>
public sealed record HostOptions
{
    public IClock Clock { get; init; } = SystemTime.Clock;

    /// <summary>How long one outgoing call may take, connecting included.</summary>
    public TimeSpan CallDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Changes to the log; null keeps the console.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }
}
