using System.Globalization;
using System.Text;
using System.Text.Json;
using LeadLedger.EventStore;
using LeadLedger.Hosting;
using LeadLedger.Intake;
using NodaTime;
using Npgsql;

namespace LeadLedger.Reading;

/// <summary>Authentic deliveries that did not become an inquiry, kept raw.</summary>
public static class ListQuarantine
{
    private const int LongestBody = 16 * 1024;

    public static void MapListQuarantine(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/quarantine", HandleAsync).Requires(ApiAccess.Read).WithTags("Operations")
            .WithSummary("Deliveries that could not be read, newest first, with what they said")
            .Query("business", "Only this business; for keys that see several.")
            .Query("outcome", "quarantined, the default; or replayed, rejected, honeypot, conflict.")
            .Query("source", "Such as twilio.call or form:website.")
            .Query("limit", "1 to 200; 50 when left out.").Query("cursor", "'next' of the page before.")
            .Produces(200, contentType: "application/json").ProducesProblem(400);

    private static async Task<IResult> HandleAsync(HttpContext http, NpgsqlDataSource database)
    {
        var query = new QueryFields(http.Request.Query);
        var limit = query.Limit();
        await using var command = database.CreateCommand();
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = ApiScope.Of(http).Tenants });
        command.Parameters.Add(new NpgsqlParameter<string>
        {
            TypedValue = query.OneOf("outcome", "quarantined", "replayed", "rejected", "honeypot", "conflict") ?? "quarantined",
        });
        var filters = new StringBuilder();
        if (query.Text("source") is { } source)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = source });
            filters.Append(" and i.source = $3");
        }

        if (query.Cursor(3) is { } after)
        {
            if (long.TryParse(after[0], NumberStyles.None, CultureInfo.InvariantCulture, out var micros) && micros < 1L << 52)
            {
                command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = Instant.FromUnixTimeTicks(micros * 10).ToTimestamp() });
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after[1] });
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after[2] });
                var last = command.Parameters.Count;
                filters.Append(CultureInfo.InvariantCulture,
                    $" and (i.received_at < ${last - 2} or (i.received_at = ${last - 2} and (i.source, i.dedupe_key) > (${last - 1}, ${last})))");
            }
            else
            {
                query.Refuse("cursor", "Pass on the value of 'next' of the page before, unchanged.");
            }
        }

        if (query.Problem is { } problem)
        {
            return problem;
        }

        command.CommandText =
            $"""
            select i.tenant_id, i.source, i.dedupe_key, i.received_at, i.content_type, i.query, i.outcome, i.problem, i.stream_id, i.replays,
                   substring(i.body from 1 for {LongestBody}), length(i.body), i.headers::text
            from inbox i
            where i.tenant_id = any($1) and i.outcome <> 'accepted' and i.outcome = $2 {filters}
            order by i.received_at desc, i.source, i.dedupe_key limit {limit + 1}
            """;
        var rows = new List<object?[]>();
        await using (var reader = await command.ExecuteReaderAsync(http.RequestAborted))
        {
            while (await reader.ReadAsync(http.RequestAborted))
            {
                var row = new object?[reader.FieldCount];
                reader.GetValues(row!);
                rows.Add(row);
            }
        }

        string? next = null;
        if (rows.Count > limit)
        {
            rows.RemoveAt(limit);
            var last = rows[^1];
            next = PageCursor.Of(
                (Received(last).ToUnixTimeTicks() / 10).ToString(CultureInfo.InvariantCulture), (string)last[1]!, (string)last[2]!);
        }

        return JsonAnswer.Page(rows, next, Write);
    }

    private static void Write(Utf8JsonWriter json, object?[] row)
    {
        var body = (byte[])row[10]!;
        json.WriteStartObject();
        json.WriteString("business", (string)row[0]!);
        json.WriteString("source", (string)row[1]!);
        json.WriteString("key", (string)row[2]!);
        json.WriteInstant("receivedAt", Received(row));
        json.WriteString("contentType", row[4] as string);
        json.WriteString("query", row[5] as string);
        json.WriteString("outcome", (string)row[6]!);
        json.WriteString("problem", row[7] as string);
        json.WriteId("leadId", row[8] as Guid?);
        json.WriteNumber("replays", (int)row[9]!);
        json.WriteNumber("bytes", (int)row[11]!);
        json.WriteString("body", SafeText.Clean(Encoding.UTF8.GetString(body)));
        json.WriteRaw("headers", Encoding.UTF8.GetBytes((string)row[12]!));
        json.WriteEndObject();
    }

    private static Instant Received(object?[] row) => Instants.FromTimestamp((DateTime)row[3]!);
}
