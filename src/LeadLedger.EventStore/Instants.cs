using NodaTime;

namespace LeadLedger.EventStore;

/// <summary>The one place where instants meet PostgreSQL's timestamptz and .NET's clock types.</summary>
public static class Instants
{
    /// <summary>Cut to microseconds, which is what timestamptz keeps; hashes are taken over this.</summary>
    public static Instant ToMicroseconds(this Instant instant) =>
        Instant.FromUnixTimeTicks(instant.ToUnixTimeTicks() / 10 * 10);

    public static DateTime ToTimestamp(this Instant instant) => instant.ToDateTimeUtc();

    public static Instant FromTimestamp(DateTime timestamp) =>
        Instant.FromDateTimeUtc(DateTime.SpecifyKind(timestamp, DateTimeKind.Utc));

    /// <summary>A time-ordered identifier (UUID version 7) for something that happens at that instant.</summary>
    public static Guid NewId(this Instant instant) => Guid.CreateVersion7(instant.ToDateTimeOffset());
}
