namespace LeadLedger.BrowserTests.Site;

/// <summary>Where the pages are.</summary>
public static class StaffPages
{
    /// <summary>What the menu leads to, for whoever is signed in.</summary>
    public static readonly string[] ForEverybody =
        ["/", "/leads", "/escalations", "/merges", "/who-is-this", "/consent", "/outbox", "/sources", "/status", "/audit", "/account"];

    public static readonly string[] ForOwners = [.. ForEverybody, "/people", "/first-run"];

    private static readonly string[] Tabs = ["", "/timeline", "/as-of", "/why", "/conversation", "/merges"];

    /// <summary>Every page about one lead.</summary>
    /// <param name="lead">The address of its first page.</param>
    public static IEnumerable<string> Of(string lead) => Tabs.Select(tab => lead + tab);

    public static IEnumerable<string> Of(Guid lead) => Of($"/leads/{lead}");
}
