using System.Text.Json;
using LeadLedger.EventStore;
using LeadLedger.Intake;
using LeadLedger.Reading;
using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;

namespace LeadLedger.Hosting;

/// <summary>
/// What keys of auditors are answered: everything, with personal data hidden, unless the request says why it is needed; then the look is
/// recorded with its reason before anything is answered. One place for every route, so that none can forget it.
/// </summary>
public sealed class AuditorAnswers(RequestDelegate next, LedgerModel model, LeadViews views, SecurityLog log)
{
    /// <summary>The header that says why personal data is needed.</summary>
    public const string ReasonHeader = "X-Access-Reason";

    private const int ShortestReason = 3;
    private const int LongestReason = 300;
    private const string LeadPath = "/api/leads/{id}";

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.Features.Get<ApiScope>() is not { Caller.Role: StaffUser.Auditor } scope || http.GetEndpoint() is not RouteEndpoint route
            || route.ViewOfAuditors() is var view && view == AuditorView.NothingPersonal)
        {
            await next(http);
            return;
        }

        var reason = http.Request.Headers[ReasonHeader].ToString().Trim();
        if (reason.Length > 0)
        {
            if (reason.Length is < ShortestReason or > LongestReason)
            {
                await RequestJson.Wrong(ReasonHeader, $"Say why personal data is needed, in {ShortestReason} to {LongestReason} characters, or leave it out.").ExecuteAsync(http);
                return;
            }

            await RecordAsync(http, scope, route, SafeText.Line(reason, LongestReason));
            await next(http);
        }
        else if (view == AuditorView.Withheld)
        {
            await Problems.Of(403, "reason-needed",
                $"A proof can be checked only on what was recorded, names and numbers included. Say why it is needed in the header {ReasonHeader}; the look is recorded with your reason.")
                .ExecuteAsync(http);
        }
        else
        {
            await MaskedAsync(http);
        }
    }

    // Neither the query nor what it looked for is kept: it can hold a number.
    private async Task RecordAsync(HttpContext http, ApiScope scope, RouteEndpoint route, string reason)
    {
        if (route.RoutePattern.RawText!.StartsWith(LeadPath, StringComparison.Ordinal) && Guid.TryParse(http.Request.RouteValues["id"]?.ToString(), out var lead))
        {
            await views.RecordAsync(scope.Tenants[0], lead, scope.Caller.Actor, "unmasked", reason, http.RequestAborted);
        }

        await log.WriteAsync(scope.Caller.Actor, scope.Tenants[0], "unmasked", $"GET {http.Request.Path}: {reason}", http.RequestAborted);
    }

    private async Task MaskedAsync(HttpContext http)
    {
        var body = http.Response.Body;
        using var whole = new MemoryStream();
        http.Response.Body = whole;
        try
        {
            await next(http);
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        }
        finally
        {
            http.Response.Body = body;
        }

        // A refusal is made of our own sentences.
        var answer = http.Response.StatusCode is >= 200 and < 300 && whole.Length > 0 ? Masked(whole) : whole.ToArray();
        if (answer.Length > 0)
        {
            http.Response.ContentLength = answer.Length;
        }

        await body.WriteAsync(answer, http.RequestAborted);
    }

    private byte[] Masked(MemoryStream whole)
    {
        using var document = JsonDocument.Parse(whole.GetBuffer().AsMemory(0, (int)whole.Length));
        return Masking.Answer(model, document.RootElement);
    }
}
