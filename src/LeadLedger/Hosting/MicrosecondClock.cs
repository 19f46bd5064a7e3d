using LeadLedger.EventStore;
using NodaTime;

namespace LeadLedger.Hosting;

/// <summary>The system clock cut to microseconds, so that an instant read back from the database equals the one written.</summary>
public sealed class MicrosecondClock(IClock inner) : IClock
{
    public Instant GetCurrentInstant() => inner.GetCurrentInstant().ToMicroseconds();
}
