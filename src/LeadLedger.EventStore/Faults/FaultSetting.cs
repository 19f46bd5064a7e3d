namespace LeadLedger.EventStore.Faults;

/// <summary>
/// Numbers that a fault test sets in the environment, so that what takes an hour takes seconds. Outside builds of the configuration Faults
/// there are none.
/// </summary>
public static class FaultSetting
{
#if FAULTS
    public static double? Number(string name) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
#else
    public static double? Number(string name) => null;
#endif
}
