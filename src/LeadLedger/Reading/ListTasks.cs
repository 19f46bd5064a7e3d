using System.Text;
using System.Text.Json;
using LeadLedger.Hosting;
using NodaTime;
using Npgsql;

namespace LeadLedger.Reading;

/// <summary>Callback tasks: the open ones by due date, or the latest closed one of each lead.</summary>
public static class ListTasks
{
    private const string Columns =
        "d.id, d.tenant_id, (d.data -> 'task')::text as task, d.data ->> 'name' as name, d.data ->> 'phone' as phone, d.data ->> 'line' as line, "
        + "d.data ->> 'status' as status";

    private const string IsOpen = "d.data -> 'task' is not null and d.data -> 'task' ->> 'closedAt' is null";

    private const string OneSql =
        $"select {Columns} from mt_doc_leadview d where d.tenant_id = $1 and d.id = $2 and d.data -> 'task' ->> 'id' = $3";

    public static void MapListTasks(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/tasks", HandleAsync).Requires(ApiAccess.Read).WithTags("Tasks")
            .WithSummary("Open tasks by due date, or the latest closed task of each lead")
            .Query("business", "Only this business; for keys that see several.")
            .Query("state", "open, the default, or closed.")
            .Query("owner", "Staff id.")
            .Query("queue", "Such as triage or human.")
            .Query("kind", "callback, check, voicemail_review, pick or delivery_check.")
            .Query("overdue", "true: past the due date; false: not yet.")
            .Query("unclaimed", "true: nobody has taken it; false: somebody has.")
            .Query("limit", "1 to 200; 50 when left out.")
            .Query("cursor", "'next' of the page before.")
            .Produces(200, contentType: "application/json").ProducesProblem(400);
        routes.MapGet("/api/tasks/{id}", OneAsync).Requires(ApiAccess.Read).WithTags("Tasks")
            .WithSummary("One task")
            .Parameter("id", "The task's id; of a lead's earlier tasks only the history tells.")
            .Produces(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(404);
    }

    private static async Task<IResult> HandleAsync(HttpContext http, NpgsqlDataSource database, IClock clock)
    {
        var query = new QueryFields(http.Request.Query);
        var now = clock.GetCurrentInstant();
        await using var command = database.CreateCommand();
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = ApiScope.Of(http).Tenants });
        var limit = query.Limit();
        var open = query.OneOf("state", "open", "closed") is null or "open";
        var order = open ? "d.data -> 'task' ->> 'dueAt'" : "d.data -> 'task' ->> 'closedAt'";
        var filters = new StringBuilder(open ? IsOpen : "d.data -> 'task' ->> 'closedAt' is not null");
        Filter(query, command, filters, now, order, open);
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var direction = open ? "" : " desc";
        command.CommandText =
            $"""
            select l.id, l.tenant_id, l.task, l.name, l.phone, l.line, l.status, l.at from unnest($1::varchar[]) as t(id) cross join lateral (
                select {Columns}, {order} as at from mt_doc_leadview d
                where d.tenant_id = t.id and {filters}
                order by {order}{direction}, d.id{direction} limit {limit + 1}) l
            order by l.at{direction}, l.id{direction} limit {limit + 1}
            """;
        var rows = new List<(byte[] Json, string At, Guid Id)>(limit + 1);
        await using (var reader = await command.ExecuteReaderAsync(http.RequestAborted))
        {
            while (await reader.ReadAsync(http.RequestAborted))
            {
                rows.Add((Shown(reader, now), reader.GetString(7), reader.GetGuid(0)));
            }
        }

        string? next = null;
        if (rows.Count > limit)
        {
            rows.RemoveAt(limit);
            next = PageCursor.Of(rows[^1].At, rows[^1].Id.ToString());
        }

        return JsonAnswer.Page(rows, next, (json, row) => json.WriteRawValue(row.Json, skipInputValidation: true));
    }

    private static async Task<IResult> OneAsync(string id, HttpContext http, LeadFinder finder, NpgsqlDataSource database, IClock clock)
    {
        if (!Guid.TryParse(id, out var task))
        {
            return RequestJson.Wrong("id", "Use the task's id as GET /api/tasks shows it.");
        }

        if (await finder.OfTaskAsync(ApiScope.Of(http), task, http.RequestAborted) is { } key)
        {
            await using var command = database.CreateCommand(OneSql);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.Tenant });
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = key.Id });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = task.ToString() });
            await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
            if (await reader.ReadAsync(http.RequestAborted))
            {
                var shown = Shown(reader, clock.GetCurrentInstant());
                return new JsonAnswer(json => json.WriteRawValue(shown, skipInputValidation: true));
            }
        }

        return Problems.Of(404, "unknown-task", "There is no such task, or this key does not see it.");
    }

    private static void Filter(QueryFields query, NpgsqlCommand command, StringBuilder filters, Instant now, string order, bool open)
    {
        void Where(string condition, string value)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
            filters.Append(" and ").Append(condition).Append('$').Append(command.Parameters.Count);
        }

        foreach (var name in (ReadOnlySpan<string>)["owner", "queue", "kind"])
        {
            if (query.Text(name) is { } value)
            {
                Where($"d.data -> 'task' ->> '{name}' = ", value);
            }
        }

        if (query.Flag("overdue") is { } overdue)
        {
            Where($"d.data -> 'task' ->> 'dueAt' {(overdue ? "<" : ">=")} ", StoredText.Of(now));
        }

        if (query.Flag("unclaimed") is { } unclaimed)
        {
            filters.Append($" and d.data -> 'task' ->> 'claimedBy' is {(unclaimed ? "" : "not ")}null");
        }

        if (query.Cursor(2) is { } after)
        {
            if (!Guid.TryParse(after[1], out var id))
            {
                query.Refuse("cursor", "Pass on the value of 'next' of the page before, unchanged.");
                return;
            }

            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after[0] });
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
            filters.Append(System.Globalization.CultureInfo.InvariantCulture,
                $" and ({order}, d.id) {(open ? '>' : '<')} (${command.Parameters.Count - 1}, ${command.Parameters.Count})");
        }
    }

    // The stored task with what a work list shows beside it.
    private static byte[] Shown(NpgsqlDataReader reader, Instant now)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonAnswer.Options))
        using (var task = JsonDocument.Parse(reader.GetString(2)))
        {
            json.WriteStartObject();
            foreach (var member in task.RootElement.EnumerateObject())
            {
                member.WriteTo(json);
            }

            var closed = task.RootElement.TryGetProperty("closedAt", out _);
            var due = task.RootElement.GetProperty("dueAt").GetString()!;
            json.WriteString("state", closed ? "closed" : "open");
            json.WriteBoolean("overdue", !closed && string.CompareOrdinal(due, StoredText.Of(now)) < 0);
            json.WriteString("leadId", reader.GetGuid(0));
            json.WriteString("business", reader.GetString(1));
            json.WriteString("name", reader.IsDBNull(3) ? null : reader.GetString(3));
            json.WriteString("phone", reader.IsDBNull(4) ? null : reader.GetString(4));
            json.WriteString("line", reader.IsDBNull(5) ? null : reader.GetString(5));
            json.WriteString("leadStatus", reader.GetString(6));
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
