namespace LeadLedger.Reconciling;

/// <summary>What a sweep came to for one business.</summary>
public sealed record SweepCount(string Business)
{
    /// <summary>Calls of the interval whose reports had come by themselves.</summary>
    public int CallsArrived { get; set; }

    /// <summary>Calls that only the sweep found, or whose end only the sweep told.</summary>
    public int CallsFound { get; set; }

    public int MessagesArrived { get; set; }

    public int MessagesFound { get; set; }
}
