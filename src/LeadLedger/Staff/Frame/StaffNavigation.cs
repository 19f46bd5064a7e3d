namespace LeadLedger.Staff.Frame;

/// <summary>The way around: which pages the menu lists for whom.</summary>
public static class StaffNavigation
{
    public static IEnumerable<(string Path, string Label)> Of(PageContext page)
    {
        yield return ("/", "Today");
        yield return ("/leads", "Leads");
        yield return ("/escalations", "Escalations");
        yield return ("/merges", "Merge review");
        yield return ("/who-is-this", "Who is this?");
        yield return ("/consent", "Consent");
        yield return ("/outbox", "Outbox");
        yield return ("/sources", "Sources and lines");
        yield return ("/status", "Health");
        yield return ("/audit", "Audit");
        if (page.IsOwner)
        {
            yield return ("/people", "People");
            yield return ("/first-run", "First run");
        }
    }
}
