namespace LeadLedger.Staff.Frame;

/// <summary>What to do about an alarm, for whoever reads it on a page: the page to open where the API names one of its own routes.</summary>
public static class AlarmWords
{
    /// <param name="alarm">The alarm's name.</param>
    /// <param name="ofApi">What the API says; said as it is when it names no route.</param>
    public static string Remedy(string? alarm, string ofApi) => alarm switch
    {
        "quarantine" => "Look at the quarantine: each may be a customer. Have it read again when the cause is mended, or call.",
        "leads_stuck" => "Look at these leads and call them.",
        "work_parked" => "Open the outbox for the reason; do by hand what is still worth doing.",
        "outcome_unknown" => "It is not sent again by itself. Open the outbox, and call the customer.",
        "texts_unconfirmed" => "Call these customers, then give the items up in the outbox. A late report of the provider still settles them.",
        _ => ofApi,
    };

    /// <summary>The page that helps with it; null when none does.</summary>
    public static (string Path, string Label)? PageOf(string? alarm) => alarm switch
    {
        "quarantine" => ("/sources", "See the quarantine"),
        "leads_stuck" => ("/leads?view=stuck", "See these leads"),
        "old_snapshot" or "clock_wrong" => null,
        _ => ("/outbox", "See the outbox"),
    };
}
