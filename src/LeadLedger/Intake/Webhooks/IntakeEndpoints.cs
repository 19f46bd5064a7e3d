using System.Text.Json;
using LeadLedger.Hosting;
using LeadLedger.Intake.Spool;
using LeadLedger.Sending;

namespace LeadLedger.Intake.Webhooks;

/// <summary>Shows that every webhook that was answered is accounted for (I1).</summary>
public static class IntakeEndpoints
{
    public static void MapIntake(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/intake", HandleAsync).Requires(ApiAccess.Read).ForAuditors(AuditorView.NothingPersonal).WithTags("Operations")
            .WithSummary("Webhooks of this process since its start: answered, stored, kept on the disk; 'difference' is never anything but 0")
            .Produces(200, contentType: "application/json");

    private static async Task<IResult> HandleAsync(
        IntakeCounters counters, IntakeAccount account, WebhookSpool spool, DatabaseWatch watch, TextGate gate, CancellationToken cancellation)
    {
        if (!watch.IsAway)
        {
            await account.CheckAsync(cancellation);
        }

        var counts = counters.Snapshot();
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("databaseAway", watch.IsAway);
            json.WriteBoolean("textsMayLeave", gate.IsOpen);
            json.WriteStartObject("spool");
            json.WriteNumber("webhooks", spool.Depth);
            json.WriteNumber("bytes", spool.Bytes);
            json.WriteNumber("limitBytes", spool.LimitBytes);
            json.WriteNumber("damaged", spool.Damaged);
            json.WriteString("trouble", spool.Trouble);
            json.WriteEndObject();
            json.WriteNumber("difference", counts.Sum(count => Math.Max(0, count.Difference)) + counters.Missing);
            json.WriteNumber("confirmedAndMissing", counters.Missing);
            json.WriteStartArray("sources");
            foreach (var count in counts)
            {
                Write(json, count);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, IntakeCount count)
    {
        json.WriteStartObject();
        json.WriteString("source", count.Source);
        json.WriteNumber("accepted", count.Accepted);
        json.WriteNumber("appended", count.Appended);
        json.WriteNumber("duplicates", count.Duplicates);
        json.WriteNumber("quarantined", count.Quarantined);
        json.WriteNumber("spooled", count.Spooled);
        json.WriteNumber("refused", count.Refused);
        json.WriteStartObject("replayedFromSpool");
        json.WriteNumber("appended", count.DrainedNew);
        json.WriteNumber("duplicates", count.DrainedDuplicates);
        json.WriteNumber("quarantined", count.DrainedQuarantined);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
