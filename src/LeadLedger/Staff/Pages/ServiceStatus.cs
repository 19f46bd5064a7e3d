using LeadLedger.Hosting;
using LeadLedger.Staff.Frame;
using LeadLedger.Staff.Verification;
using Npgsql;

namespace LeadLedger.Staff.Pages;

/// <summary>SCR-20: whether anything needs a person, how fast answers are, and whether the ledger is sound.</summary>
public static class ServiceStatus
{
    // What an operator compares with the disk and with the release notes.
    private const string DatabaseSql = "select current_setting('server_version'), pg_database_size(current_database())";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/status", PageAccess.Read, PageAsync);
        routes.MapPost("/ledger/verify", PageAccess.Read, VerifyAsync);
    }

    /// <summary>The business whose ledger this page verifies; null for the whole ledger.</summary>
    public static string? Verified(PageContext page) => page.User?.Business ?? (page.Choices.Count > 1 && page.Businesses is [{ } only] ? only.Id : null);

    private static async Task<IResult> PageAsync(
        HttpContext http, Slices slices, LatencyFigures latency, LedgerCheck check, NpgsqlDataSource database, LedgerDatabase store)
    {
        var status = await slices.GetAsync(http, "/api/status");
        var intake = await slices.GetAsync(http, "/api/intake");
        await using var command = database.CreateCommand(DatabaseSql);
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        await reader.ReadAsync(http.RequestAborted);
        return PageAnswer.Of<StatusPage>(
            ("Status", status.Body),
            ("Intake", intake.Body),
            ("Latency", await latency.ReadAsync(http)),
            ("Check", check.Latest(Verified(PageContext.Of(http)))),
            ("Database", store.Description),
            ("Version", reader.GetString(0)),
            ("Bytes", reader.GetInt64(1)));
    }

    // Whoever may look may have the ledger verified: it changes nothing, and one run at a time bounds what it costs.
    private static async Task<IResult> VerifyAsync(HttpContext http, LedgerCheck check, SecurityLog log)
    {
        var page = PageContext.Of(http);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var back = form["back"].ToString() == "/audit" ? "/audit" : "/status";
        if (!check.TryBegin(Verified(page), page.User!.Name))
        {
            return Notice.Then(http, back, "The ledger is being verified already. Press again when that run has ended.", refusal: true);
        }

        await log.WriteAsync(page.User.Caller.Actor, page.User.Business, "ledger_verified", "begun", http.RequestAborted);
        return Notice.Then(http, back, "The ledger is being verified; this page shows how far it is.");
    }
}
