namespace LeadLedger.Staff.Frame;

/// <summary>
/// That a page shows whoever opened it what it reads as it is: because the lead was unmasked with a reason, or because the page hides by itself
/// what must be hidden. Without it an auditor's page reads the API with personal data hidden.
/// </summary>
public sealed class PageSight
{
    private static readonly PageSight Whole = new();

    private PageSight()
    {
    }

    public static void OpenWhole(HttpContext http) => http.Features.Set(Whole);

    public static bool IsWhole(HttpContext http) => http.Features.Get<PageSight>() is not null;
}
