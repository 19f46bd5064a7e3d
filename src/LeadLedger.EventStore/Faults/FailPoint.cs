using System.Diagnostics;

namespace LeadLedger.EventStore.Faults;

/// <summary>
/// Lets a fault test kill, stop or fail the process at a named place. Only builds of the configuration Faults contain the calls.
/// LEADLEDGER_FAILPOINT names a file. While it holds <c>name=kill|stop|throw</c>, that happens to whoever passes the place first, and the file is
/// renamed: <c>.taken</c>. LEADLEDGER_FAILPOINT_LOG names a file that gets a line for every place that was passed.
/// </summary>
public static class FailPoint
{
    [Conditional("FAULTS")]
    public static void Hit(string name)
    {
#if FAULTS
        Armed.Instance.Hit(name);
#endif
    }
}

/// <summary>Thrown at a fail point that was told to.</summary>
public sealed class FailPointException(string name) : Exception($"fail point {name}");
