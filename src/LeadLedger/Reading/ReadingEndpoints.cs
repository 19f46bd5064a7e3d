using LeadLedger.Hosting;

namespace LeadLedger.Reading;

/// <summary>Everything that is read over HTTP.</summary>
public static class ReadingEndpoints
{
    public static void AddReading(this IServiceCollection services, ServiceSettings settings)
    {
        services.AddSingleton<ApiKeys>();
    }

    public static void MapReading(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Ok(new { status = "live" }));
    }
}
