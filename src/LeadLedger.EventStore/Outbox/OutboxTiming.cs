using NodaTime;

namespace LeadLedger.EventStore.Outbox;

/// <summary>How patient the dispatcher is.</summary>
public sealed record OutboxTiming
{
    public static OutboxTiming Default { get; } = new();

    /// <summary>How long a worker may take before its row is looked at again; longer than the longest outgoing call.</summary>
    public Duration Lease { get; init; } = Duration.FromSeconds(60);

    /// <summary>How often due work is looked for that nobody in this process enqueued.</summary>
    public Duration Poll { get; init; } = Duration.FromMilliseconds(250);

    /// <summary>Shortest time between two claims of this process while there is much to do.</summary>
    public Duration Pace { get; init; } = Duration.FromMilliseconds(25);

    /// <summary>How long nothing is claimed after the database could not be asked.</summary>
    public Duration PollWhenAway { get; init; } = Duration.FromSeconds(2);

    /// <summary>How often rows are looked for whose worker did not come back.</summary>
    public Duration Recovery { get; init; } = Duration.FromSeconds(10);

    /// <summary>
    /// Nothing is claimed and no clock is compared before this has ended. Only the demo has to wait: until then it replays a day with a clock of its own.
    /// </summary>
    public Task Begin { get; init; } = Task.CompletedTask;

    /// <summary>How long calls may still take when the service stops; then they are cut off.</summary>
    public Duration Finish { get; init; } = Duration.FromSeconds(10);
}
