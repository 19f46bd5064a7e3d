using LeadLedger.Backup;
using LeadLedger.Callbacks;
using LeadLedger.Consent;
using LeadLedger.DeadLetters;
using LeadLedger.Merging;
using LeadLedger.Staff;
using LeadLedger.Staff.Frame;

namespace LeadLedger.Hosting;

/// <summary>What the API is made of beside the queries: the guard, staff commands, health and its own description.</summary>
public static class ApiRoutes
{
    public static void AddApi(this IServiceCollection services)
    {
        services.AddSingleton<StaffCommands>();
        services.AddSingleton<DeadLetterWork>();
        services.AddSingleton<Health>();
        services.AddApiDescription();
    }

    /// <summary>The middleware of every request, in order.</summary>
    public static void UseApi(this IApplicationBuilder app)
    {
        app.UseSecurityHeaders();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = exception => exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages(async context =>
        {
            var status = context.HttpContext.Response.StatusCode;
            if (status == 404 && !context.HttpContext.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
                && context.HttpContext.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
            {
                await PageAnswer.Message(404, "There is no such page.", "Look again from the start: whatever has a page is in the menu or in a list.").ExecuteAsync(context.HttpContext);
                return;
            }

            var problem = status switch
            {
                404 => Problems.Of(404, "unknown-path", "Nothing is at this path. /docs lists what there is."),
                405 => Problems.Of(405, "method-not-allowed", "This path does not take this method. /docs lists what it takes."),
                _ => Problems.Of(status, "bad-request", "The request cannot be handled as it is."),
            };
            await problem.ExecuteAsync(context.HttpContext);
        });
        app.UseMiddleware<RequestBounds>();
        app.UseMiddleware<ApiGuard>();
        app.UseMiddleware<AuditorAnswers>();
        app.UseStaff();
    }

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        ClaimTask.Map(routes);
        ReassignTask.Map(routes);
        CompleteTask.Map(routes);
        CancelTask.Map(routes);
        AddNote.Map(routes);
        RecordConsent.Map(routes);
        SuppressContactPoint.Map(routes);
        LiftSuppression.Map(routes);
        ResolveHeldPhrase.Map(routes);
        MergeLeads.Map(routes);
        RejectSuggestion.Map(routes);
        UnmergeLeads.Map(routes);
        RetryWork.Map(routes);
        DiscardWork.Map(routes);
        SendTextAgain.Map(routes);
        CancelText.Map(routes);
        routes.MapSending();
        routes.MapHealth();
        routes.MapApiDescription();
    }
}
