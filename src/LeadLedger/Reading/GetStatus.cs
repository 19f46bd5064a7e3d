using System.Text.Json;
using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Writing;
using LeadLedger.Hosting;
using NodaTime;

namespace LeadLedger.Reading;

/// <summary>Whether anything needs a person: what waits where and for how long, and the alarms that follow from it.</summary>
public static class GetStatus
{
    public static void MapGetStatus(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/status", HandleAsync).Requires(ApiAccess.Read).ForAuditors(AuditorView.NothingPersonal).WithTags("Operations")
            .WithSummary("What waits and for how long, and what a person should look at, each with a remedy")
            .WithDescription("Alarms go by age, not by number. Counts stop at 5,000.")
            .Query("business", "Only this business; for keys that see several.")
            .Produces(200, contentType: "application/json").ProducesProblem(400);

    private static async Task<IResult> HandleAsync(HttpContext http, StatusQuery query, LedgerWriter writer, IntakePlaces places, IClock clock)
    {
        var figures = await query.ReadAsync(ApiScope.Of(http).Tenants, clock.GetCurrentInstant(), http.RequestAborted);
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteInstant("at", figures.Now);
            WriteAlarms(json, Alarms.Of(figures));
            WriteWork(json, figures);
            WriteHolds(json, figures.Holds);
            json.WriteNumber("quarantined", figures.Quarantined);
            json.WriteNumber("stuckLeads", figures.StuckLeads);
            json.WriteStartObject("process");
            json.WriteNumber("writesWaiting", writer.Waiting);
            json.WriteNumber("deliveriesUnderWay", places.Taken);
            json.WriteNumber("deliveriesPeak", places.Peak);
            json.WriteNumber("deliveriesRefused", places.Refused);
            json.WriteNumber("effectsLeftOut", writer.EffectsLeftOut);
            if (figures.ClockAhead is { } ahead)
            {
                json.WriteNumber("clockAheadMilliseconds", (long)ahead.TotalMilliseconds);
            }
            else
            {
                json.WriteNull("clockAheadMilliseconds");
            }

            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private static void WriteAlarms(Utf8JsonWriter json, IReadOnlyList<Alarm> alarms)
    {
        json.WriteStartArray("alarms");
        foreach (var alarm in alarms)
        {
            json.WriteStartObject();
            json.WriteString("name", alarm.Name);
            json.WriteInstant("since", alarm.Since);
            json.WriteString("sentence", alarm.Sentence);
            json.WriteString("remedy", alarm.Remedy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteWork(Utf8JsonWriter json, StatusFigures figures)
    {
        json.WriteStartArray("work");
        foreach (var work in figures.Work)
        {
            json.WriteStartObject();
            json.WriteString("state", work.State);
            json.WriteString("kind", work.Kind);
            json.WriteBoolean("held", work.Held);
            json.WriteNumber("count", work.Count);
            var isUnderWay = work.State is OutboxStates.Claimed or OutboxStates.Calling;
            json.WriteInstant(isUnderWay ? "leaseEndsAt" : "oldestDueAt", work.Since);
            json.WriteNumber("oldestAgeSeconds", Math.Max(0, (long)(figures.Now - work.Since).TotalSeconds));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteHolds(Utf8JsonWriter json, IReadOnlyList<HoldFigure> holds)
    {
        json.WriteStartArray("holds");
        foreach (var hold in holds)
        {
            json.WriteStartObject();
            json.WriteString("business", hold.Business);
            json.WriteString("scope", hold.Scope);
            json.WriteString("reason", hold.Reason);
            json.WriteInstant("since", hold.Since);
            json.WriteString("setBy", hold.SetBy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
