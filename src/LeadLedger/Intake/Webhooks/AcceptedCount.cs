namespace LeadLedger.Intake.Webhooks;

/// <summary>Counts answers of webhook endpoints as they leave, independently of what was stored.</summary>
public static class AcceptedCount
{
    public static TBuilder CountsAccepted<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.AddEndpointFilter(async (context, next) =>
        {
            var answer = await next(context);
            return answer is IResult result ? new Counted(result) : answer;
        });

    /// <summary>Names the source of a request, for its answer to be counted under.</summary>
    /// <param name="Name">The source.</param>
    public sealed record Source(string Name)
    {
        /// <summary>It is stored although the answer is a refusal, as for a form with a missing field.</summary>
        public bool IsStored { get; set; }
    }

    private sealed class Counted(IResult inner) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var source = httpContext.Features.Get<Source>();
            if (source is { IsStored: true })
            {
                Count();
            }

            await inner.ExecuteAsync(httpContext);
            if (source is not { IsStored: true } && httpContext.Response.StatusCode is >= 200 and < 300)
            {
                Count();
            }

            httpContext.RequestServices.GetRequiredService<SignatureFailures>().Look(httpContext);

            void Count() => httpContext.RequestServices.GetRequiredService<IntakeCounters>().Accepted(source?.Name ?? "unknown");
        }
    }
}
