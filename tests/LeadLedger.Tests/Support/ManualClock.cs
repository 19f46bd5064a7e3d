using NodaTime;

namespace LeadLedger.Tests.Support;

/// <summary>The only clock in tests; it moves when a test says so.</summary>
public sealed class ManualClock(Instant start) : IClock
{
    private long _ticks = start.ToUnixTimeTicks();

    public Instant Now => Instant.FromUnixTimeTicks(Interlocked.Read(ref _ticks));

    public Instant GetCurrentInstant() => Now;

    public void Set(Instant at) => Interlocked.Exchange(ref _ticks, at.ToUnixTimeTicks());
}
