using NodaTime;

namespace LeadLedger.EventStore.Outbox;

/// <summary>When a row is tried again whose worker failed or did not come back.</summary>
public static class OutboxBackoff
{
    private const int JitterParts = 256;

    private static readonly Duration[] Waits =
        [Duration.FromSeconds(30), Duration.FromMinutes(2), Duration.FromMinutes(10), Duration.FromMinutes(30)];

    /// <summary>
    /// After a handler that threw: longer each time, and up to a fifth longer or shorter by the row's id, so that rows that failed
    /// together do not come again together.
    /// </summary>
    public static Duration AfterFailure(OutboxItem item) => Spread(Waits[Math.Clamp(item.Attempts, 1, Waits.Length) - 1], item.Id);

    /// <summary>
    /// After a worker that did not come back. The first time at once: most often the process was just stopped. From then on later and apart,
    /// so that a row that kills its process does not take the same neighbours with it each time.
    /// </summary>
    public static Duration AfterLostWorker(OutboxItem item) =>
        item.Attempts <= 1 ? Duration.Zero : Spread(Duration.FromSeconds(15 * item.Attempts), item.Id);

    private static Duration Spread(Duration wait, Guid id)
    {
        var part = id.ToByteArray()[^1];
        return wait * (0.8 + (0.4 * part / JitterParts));
    }
}
