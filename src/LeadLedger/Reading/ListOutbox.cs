using System.Globalization;
using System.Text;
using System.Text.Json;
using LeadLedger.DeadLetters;
using LeadLedger.EventStore;
using LeadLedger.Hosting;
using NodaTime;
using Npgsql;

namespace LeadLedger.Reading;

/// <summary>Work items: what is to be done, what was done, and what waits for a person.</summary>
public static class ListOutbox
{
    private static readonly string[] Dead = [.. DeadLetter.States];
    private static readonly string DeadSql = string.Join(", ", Dead.Select(state => $"'{state}'"));

    private const string AttemptsSql =
        "select a.outbox_id, a.step, a.at, a.outcome, a.detail from outbox_attempt a where a.outbox_id = any($1) order by a.outbox_id, a.fence, a.at";

    // Only what is unfinished or waits for a person: these few rows have indexes, what is done is not counted.
    private static readonly string SummarySql =
        $"""
        select o.state, count(*), min(o.created_at), min(o.due_at)
        from outbox o
        where o.tenant_id = any($1) and o.state = 'pending' group by o.state
        union all
        select o.state, count(*), min(o.created_at), min(o.due_at)
        from outbox o
        where o.tenant_id = any($1) and o.state in ('claimed', 'calling') group by o.state
        union all
        select o.state, count(*), min(o.created_at), min(o.due_at)
        from outbox o
        where o.tenant_id = any($1) and o.state in ({DeadSql}) group by o.state
        """;

    public static void MapListOutbox(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/outbox", (HttpContext http, NpgsqlDataSource database, IClock clock) => HandleAsync(http, database, clock, false))
            .Requires(ApiAccess.Read).WithTags("Operations")
            .WithSummary("Work items, newest first, with their attempts and a summary of what is unfinished")
            .Query("business", "Only this business; for keys that see several.")
            .Query("state", "pending, claimed, calling, done, rejected, cancelled, expired, ambiguous, unconfirmed or parked.")
            .Query("kind", "Such as send_sms or alert_email.")
            .Query("leadId", "Only work of this lead.")
            .Query("limit", "1 to 200; 50 when left out.").Query("cursor", "'next' of the page before.")
            .Produces(200, contentType: "application/json").ProducesProblem(400);
        routes.MapGet("/api/dead-letters", (HttpContext http, NpgsqlDataSource database, IClock clock) => HandleAsync(http, database, clock, true))
            .Requires(ApiAccess.Read).WithTags("Operations")
            .WithSummary("Work that was given up, refused, or whose outcome is unknown: it waits for a person")
            .Query("business", "Only this business; for keys that see several.")
            .Query("state", "rejected, ambiguous, unconfirmed or parked.")
            .Query("kind", "Such as send_sms or alert_email.")
            .Query("leadId", "Only work of this lead.")
            .Query("limit", "1 to 200; 50 when left out.").Query("cursor", "'next' of the page before.")
            .Produces(200, contentType: "application/json").ProducesProblem(400);
    }

    private static async Task<IResult> HandleAsync(HttpContext http, NpgsqlDataSource database, IClock clock, bool deadOnly)
    {
        var query = new QueryFields(http.Request.Query);
        var scope = ApiScope.Of(http);
        var limit = query.Limit();
        await using var command = database.CreateCommand();
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = scope.Tenants });
        var filters = new StringBuilder(deadOnly ? $" and o.state in ({DeadSql})" : "");
        Filter(query, command, filters, deadOnly);
        if (query.Problem is { } problem)
        {
            return problem;
        }

        command.CommandText =
            $"""
            select o.id, o.tenant_id, o.stream_id, o.kind, o.effect_key, o.lane, o.state, o.due_at, o.not_after, o.attempts, o.body::text,
                   o.provider_id, o.last_error, o.created_at, o.finished_at
            from outbox o where o.tenant_id = any($1) {filters}
            order by o.id desc limit {limit + 1}
            """;
        var rows = await RowsAsync(command, http.RequestAborted);
        string? next = null;
        if (rows.Count > limit)
        {
            rows.RemoveAt(limit);
            next = PageCursor.Of(((Guid)rows[^1][0]!).ToString());
        }

        await using var attempts = database.CreateCommand(AttemptsSql);
        attempts.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. rows.Select(row => (Guid)row[0]!)] });
        var log = (await RowsAsync(attempts, http.RequestAborted)).ToLookup(row => (Guid)row[0]!);
        await using var summary = database.CreateCommand(SummarySql);
        summary.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = scope.Tenants });
        var states = (await RowsAsync(summary, http.RequestAborted)).Where(row => !deadOnly || Dead.Contains((string)row[0]!)).ToArray();
        var now = clock.GetCurrentInstant();
        return JsonAnswer.Page(rows, next, (json, row) => Write(json, row, log[(Guid)row[0]!]), json => WriteSummary(json, states, now));
    }

    private static void Filter(QueryFields query, NpgsqlCommand command, StringBuilder filters, bool deadOnly)
    {
        void Where(string condition, object value)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
            filters.Append(" and ").Append(condition).Append('$').Append(command.Parameters.Count);
        }

        var state = deadOnly
            ? query.OneOf("state", Dead)
            : query.OneOf("state", "pending", "claimed", "calling", "done", "rejected", "cancelled", "expired", "ambiguous", "unconfirmed", "parked");
        if (state is not null)
        {
            // One of the words above, written out: a plan for any state cannot use an index of some.
            filters.Append(CultureInfo.InvariantCulture, $" and o.state = '{state}'");
        }

        if (query.Text("kind") is { } kind)
        {
            Where("o.kind = ", kind);
        }

        if (query.Text("leadId") is { } lead)
        {
            if (Guid.TryParse(lead, out var id))
            {
                Where("o.stream_id = ", id);
            }
            else
            {
                query.Refuse("leadId", "Use the lead's id as the API shows it.");
            }
        }

        if (query.Cursor(1) is [var after])
        {
            if (Guid.TryParse(after, out var before))
            {
                Where("o.id < ", before);
            }
            else
            {
                query.Refuse("cursor", "Pass on the value of 'next' of the page before, unchanged.");
            }
        }
    }

    private static void Write(Utf8JsonWriter json, object?[] row, IEnumerable<object?[]> attempts)
    {
        json.WriteStartObject();
        json.WriteString("id", (Guid)row[0]!);
        json.WriteString("business", (string)row[1]!);
        json.WriteId("leadId", row[2] as Guid?);
        json.WriteString("kind", (string)row[3]!);
        json.WriteString("effectKey", (string)row[4]!);
        json.WriteString("lane", row[5] as string);
        json.WriteString("state", (string)row[6]!);
        json.WriteInstant("dueAt", At(row[7]));
        json.WriteInstant("notAfter", At(row[8]));
        json.WriteNumber("attempts", (int)row[9]!);
        json.WriteRaw("payload", Encoding.UTF8.GetBytes((string)row[10]!));
        json.WriteString("providerId", row[11] as string);
        json.WriteString("lastError", row[12] as string);
        json.WriteInstant("createdAt", At(row[13]));
        json.WriteInstant("finishedAt", At(row[14]));
        json.WriteStartArray("offers");
        foreach (var command in DeadLetter.Offers((string)row[3]!, (string)row[6]!))
        {
            json.WriteStringValue(command);
        }

        json.WriteEndArray();
        json.WriteStartArray("log");
        foreach (var attempt in attempts)
        {
            json.WriteStartObject();
            json.WriteString("step", (string)attempt[1]!);
            json.WriteInstant("at", At(attempt[2]));
            json.WriteString("outcome", (string)attempt[3]!);
            json.WriteString("detail", attempt[4] as string);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSummary(Utf8JsonWriter json, object?[][] states, Instant now)
    {
        json.WriteStartObject("summary");
        foreach (var state in states)
        {
            json.WriteStartObject((string)state[0]!);
            json.WriteNumber("count", (long)state[1]!);
            json.WriteNumber("oldestAgeSeconds", Math.Max(0, (long)(now - At(state[2])!.Value).TotalSeconds));
            json.WriteInstant("nextDueAt", At(state[3]));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static Instant? At(object? value) => value is DateTime timestamp ? Instants.FromTimestamp(timestamp) : null;

    private static async Task<List<object?[]>> RowsAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<object?[]>();
        while (await reader.ReadAsync(cancellation))
        {
            var row = new object?[reader.FieldCount];
            reader.GetValues(row!);
            rows.Add(row);
        }

        return rows;
    }
}
