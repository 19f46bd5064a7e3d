using System.Text.Json;

namespace LeadLedger.Hosting;

/// <summary>For load balancers and supervisors; open to everybody, and silent about details.</summary>
public static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => new JsonAnswer(json => WriteStatus(json, "live"))).Requires(ApiAccess.Open).WithTags("Health")
            .WithSummary("The process runs").Produces(200, contentType: "application/json");
        routes.MapGet("/health/ready", async (Health health, Draining draining) =>
        {
            if (draining.IsStopping)
            {
                return new JsonAnswer(json => WriteStatus(json, "stopping"), 503);
            }

            var report = await health.CheckAsync();
            return new JsonAnswer(json => Write(json, report), report.Ready || report.Degraded ? 200 : 503);
        }).Requires(ApiAccess.Open).WithTags("Health")
            .WithSummary("The database answers and the writer commits; 'degraded' while it is away and webhooks are kept on the disk").Produces(200, contentType: "application/json")
            .Produces(503, contentType: "application/json");
    }

    private static void WriteStatus(Utf8JsonWriter json, string status)
    {
        json.WriteStartObject();
        json.WriteString("status", status);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, HealthReport report)
    {
        json.WriteStartObject();
        json.WriteString("status", report.Ready ? "ready" : report.Degraded ? "degraded" : "not_ready");
        json.WriteBoolean("database", report.Database);
        json.WriteBoolean("writer", report.Writer);
        json.WriteBoolean("keepsWebhooks", report.KeepsWebhooks);
        if (report.OldestDueSeconds is { } seconds)
        {
            json.WriteNumber("oldestDueSeconds", seconds);
        }
        else
        {
            json.WriteNull("oldestDueSeconds");
        }

        if (report.SendingClosed is { } closed)
        {
            json.WriteString("sending", closed ? "closed" : "open");
        }

        json.WriteEndObject();
    }
}
