namespace LeadLedger.EventStore.Faults;

/// <summary>
/// A switch to a defect on purpose, so that a fault test proves that it would notice. LEADLEDGER_DEFECT names the one that is planted;
/// outside builds of the configuration Faults it is always off and costs nothing.
/// </summary>
public static class PlantedDefect
{
#if FAULTS
    private static readonly string? Planted = Environment.GetEnvironmentVariable("LEADLEDGER_DEFECT");

    public static bool Is(string name) => name == Planted;
#else
    public static bool Is(string name) => false;
#endif
}
