using LeadLedger.EventStore.Writing;
using LeadLedger.Staff.Frame;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace LeadLedger.Hosting;

/// <summary>What an endpoint could not handle, as problem+json: 503 when the database is away, else 500 without details.</summary>
public sealed partial class StorageExceptions(ILogger<StorageExceptions> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (status, slug, detail) = exception switch
        {
            LedgerUnavailableException { MayBeCommitted: true } =>
                (503, "unconfirmed", "The database did not confirm in time. What you asked for may have been done: read it again before you repeat it."),
            LedgerUnavailableException or LedgerBusyException or NpgsqlException or TimeoutException =>
                (503, "unavailable", "The ledger cannot be read or written right now. Try again in a few seconds."),
            BadHttpRequestException bad => (bad.StatusCode, "bad-request", "The request could not be read. Check its body and parameters."),
            _ => (500, "error", "Something went wrong here. It has been logged."),
        };
        if (status == 500)
        {
            LogFailed(log, httpContext.Request.Path, exception);
        }
        else if (status == 503)
        {
            httpContext.Response.Headers.RetryAfter = "5";
        }

        if (httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<PagePolicy>() is not null)
        {
            await PageAnswer.Message(status, status == 503 ? "The ledger cannot be reached right now." : "That did not work.", detail).ExecuteAsync(httpContext);
            return true;
        }

        httpContext.Response.StatusCode = status;
        await httpContext.Response.WriteAsJsonAsync(
            Problems.Details(status, slug, detail), options: null, contentType: "application/problem+json", cancellationToken);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request to {Path} failed")]
    private static partial void LogFailed(ILogger logger, string path, Exception exception);
}
