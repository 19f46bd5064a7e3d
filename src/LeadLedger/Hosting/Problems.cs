using Microsoft.AspNetCore.Mvc;

namespace LeadLedger.Hosting;

/// <summary>Every error as problem+json (RFC 9457) with a stable type that a client can switch on, naming field and fix.</summary>
public static class Problems
{
    public static IResult Of(int status, string slug, string detail, IReadOnlyDictionary<string, string[]>? errors = null) =>
        Results.Problem(Details(status, slug, detail, errors));

    public static ProblemDetails Details(
        int status, string slug, string detail, IReadOnlyDictionary<string, string[]>? errors = null)
    {
        var problem = new ProblemDetails
        {
            Type = $"urn:leadledger:problem:{slug}",
            Title = Title(status),
            Status = status,
            Detail = detail,
        };
        if (errors is not null)
        {
            problem.Extensions["errors"] = errors;
        }

        return problem;
    }

    private static string Title(int status) => status switch
    {
        400 => "Bad request",
        401 => "Not authenticated",
        403 => "Not allowed",
        404 => "Not found",
        405 => "Method not allowed",
        409 => "Conflict",
        410 => "Gone",
        412 => "Changed meanwhile",
        413 => "Too large",
        415 => "Not JSON",
        422 => "Not valid",
        429 => "Too many requests",
        503 => "Unavailable",
        _ => "Error",
    };
}
