using NodaTime;

namespace LeadLedger.Hosting;

/// <summary>The only place that reads the machine's clock.</summary>
public static class SystemTime
{
#pragma warning disable RS0030 // Everything else takes an IClock; this is the one it is given.
    public static IClock Clock { get; } = new MicrosecondClock(NodaTime.SystemClock.Instance);
#pragma warning restore RS0030
}
