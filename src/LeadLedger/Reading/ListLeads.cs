using System.Text;
using System.Text.Json;
using LeadLedger.Hosting;
using Npgsql;

namespace LeadLedger.Reading;

/// <summary>The list of leads, newest inquiry first.</summary>
public static class ListLeads
{
    // Each document is opened once, for the members that a list shows and filters by.
    private const string Columns =
        """
        x(name text, company text, phone text, email text, kind text, status text, source text, sources jsonb, line text,
          owner text, queue text, "routingReason" text, "openedAt" text, "lastInquiryAt" text, "inquiryCount" text, message text, service text,
          "optedOut" boolean, "optOutHeld" boolean, "suspectedHangup" boolean, "testMode" boolean, "smsSent" boolean,
          "acknowledgedAt" text, "mergedInto" text, "mergeSuggestions" jsonb, "urgentWords" jsonb, task jsonb, version text)
        """;

    private const string Inner =
        """
        d.id, d.tenant_id, x.name, x.company, x.phone, x.email, x.kind, x.status, x.source, x.line, x.owner, x.queue, x."routingReason",
        x."openedAt", x."lastInquiryAt", x."acknowledgedAt", x.message, x.service, x.sources::text as sources,
        x."urgentWords"::text as "urgentWords", x.task::text as task, x."inquiryCount", x.version, x."optedOut", x."optOutHeld",
        x."suspectedHangup", x."testMode", x."smsSent"
        """;

    private const string Outer =
        """
        l.id, l.tenant_id, l.name, l.company, l.phone, l.email, l.kind, l.status, l.source, l.line, l.owner, l.queue, l."routingReason",
        l."openedAt", l."lastInquiryAt", l."acknowledgedAt", l.message, l.service, l.sources, l."urgentWords", l.task,
        l."inquiryCount", l.version, l."optedOut", l."optOutHeld", l."suspectedHangup", l."testMode", l."smsSent"
        """;

    private static readonly LeadSource EveryLead = new("mt_doc_leadview d");

    private static readonly string[] TextNames =
    [
        "name", "company", "phone", "email", "kind", "status", "source", "line", "owner", "queue", "routingReason",
        "openedAt", "lastInquiryAt", "acknowledgedAt", "message", "service",
    ];

    private static readonly string[] JsonNames = ["sources", "urgentWords", "task", "inquiryCount", "version"];

    private static readonly string[] FlagNames = ["optedOut", "optOutHeld", "suspectedHangup", "testMode", "smsSent"];

    private const int FirstText = 2;

    public static void MapListLeads(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/leads", HandleAsync).Requires(ApiAccess.Read).WithTags("Leads")
            .WithSummary("Leads, newest inquiry first; filters and search")
            .WithDescription("Records that only hold an opt-out, test leads and merged leads are left out unless asked for by kind, test or status.")
            .Query("business", "Only this business; for keys that see several.")
            .Query("q", "Part of a number in any written form, of a name or of an e-mail address; at least 2 characters. Two letters are looked for where a word begins.")
            .Query("status", "received, needs_callback, contacted, estimate_scheduled, no_interest or merged.")
            .Query("kind", "lead, unidentified, number_level or contact_only.")
            .Query("owner", "Staff id.")
            .Query("queue", "Such as triage or human.")
            .Query("source", "Such as 'missed call' or 'form website'.")
            .Query("line", "The line called or texted, E.164.")
            .Query("hasOpenTask", "true or false.")
            .Query("optedOut", "true or false.")
            .Query("suspectedHangup", "true or false.")
            .Query("urgent", "true: with urgent words; false: without.")
            .Query("duplicates", "true: with a suggestion that another lead is the same person; false: without.")
            .Query("test", "true: only test leads; false, the default: none.")
            .Query("from", "Last inquiry at or after this instant.")
            .Query("to", "Last inquiry before this instant.")
            .Query("limit", "1 to 200; 50 when left out.")
            .Query("cursor", "'next' of the page before.")
            .Produces(200, contentType: "application/json").ProducesProblem(400);

    private static async Task<IResult> HandleAsync(HttpContext http, NpgsqlDataSource database)
    {
        var query = new QueryFields(http.Request.Query);
        var scope = ApiScope.Of(http);
        await using var command = database.CreateCommand();
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = scope.Tenants });
        var filters = new StringBuilder();
        var limit = query.Limit();
        Filter(query, command, filters);
        var search = LeadSearch.Of(query, scope);
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var rows = new List<object?[]>();
        foreach (var source in search is null ? [EveryLead] : await search.SourcesAsync(database, command, scope, http.RequestAborted))
        {
            command.CommandText =
                $"""
                select {Outer} from unnest($1::varchar[]) as t(id) cross join lateral (
                    select {Inner} from {source.From} cross join lateral jsonb_to_record(d.data) as {Columns}
                    where d.tenant_id = t.id {filters}
                    order by {source.At} desc, d.id desc limit {limit + 1}) l
                order by l."lastInquiryAt" desc, l.id desc limit {limit + 1}
                """;
            rows = await RowsAsync(command, http.RequestAborted);
            if (rows.Count > limit)
            {
                break;
            }
        }

        string? next = null;
        if (rows.Count > limit)
        {
            rows.RemoveAt(limit);
            next = PageCursor.Of((string)rows[^1][FirstText + 12]!, rows[^1][0]!.ToString()!);
        }

        return JsonAnswer.Page(rows, next, Write);
    }

    private static async Task<List<object?[]>> RowsAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        var rows = new List<object?[]>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var row = new object?[reader.FieldCount];
            reader.GetValues(row!);
            rows.Add(row);
        }

        return rows;
    }

    private static void Filter(QueryFields query, NpgsqlCommand command, StringBuilder filters)
    {
        void Where(string condition, object value)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
            filters.Append(" and ").Append(condition).Append('$').Append(command.Parameters.Count);
        }

        void Same(string name, string column)
        {
            if (query.Text(name) is { } value)
            {
                Where($"{column} = ", value);
            }
        }

        var status = query.OneOf("status", "received", "needs_callback", "contacted", "estimate_scheduled", "no_interest", "merged");
        var kind = query.OneOf("kind", "lead", "unidentified", "number_level", "contact_only");
        // What few leads have is asked of the stored document itself, in the words of its index.
        filters.Append(status switch
        {
            null => " and x.\"mergedInto\" is null",
            "received" or "needs_callback" => $" and d.data ->> 'status' = '{status}'",
            _ => $" and x.status = '{status}'",
        });
        filters.Append(kind switch
        {
            null => " and x.kind <> 'contact_only'",
            "lead" => " and x.kind = 'lead'",
            _ => $" and d.data ->> 'kind' = '{kind}'",
        });
        filters.Append(query.Flag("test") ?? false ? " and d.data ->> 'testMode' = 'true'" : " and not x.\"testMode\"");
        Same("owner", "x.owner");
        Same("queue", "x.queue");
        Same("line", "x.line");
        if (query.Text("source") is { } source)
        {
            Where("x.sources ? ", source);
        }

        void Flag(string name, string condition, string? few = null)
        {
            if (query.Flag(name) is { } flag)
            {
                filters.Append(flag ? $" and {few ?? condition}" : $" and not {condition}");
            }
        }

        Flag("optedOut", "x.\"optedOut\"", "d.data ->> 'optedOut' = 'true'");
        Flag("suspectedHangup", "x.\"suspectedHangup\"", "d.data ->> 'suspectedHangup' = 'true'");
        Flag("urgent", "coalesce(jsonb_array_length(x.\"urgentWords\") > 0, false)", "d.data -> 'urgentWords' <> '[]'::jsonb");
        Flag("duplicates", "coalesce(jsonb_array_length(x.\"mergeSuggestions\") > 0, false)", status == "merged" ? null : "d.data -> 'mergeSuggestions' <> '[]'::jsonb and d.data ->> 'mergedInto' is null");
        Flag("hasOpenTask", "(x.task is not null and x.task ->> 'closedAt' is null)", "d.data -> 'task' is not null and d.data -> 'task' ->> 'closedAt' is null");
        if (query.Instant("from") is { } from)
        {
            Where("d.data ->> 'lastInquiryAt' >= ", StoredText.Of(from));
        }

        if (query.Instant("to") is { } to)
        {
            Where("d.data ->> 'lastInquiryAt' < ", StoredText.Of(to));
        }

        if (query.Cursor(2) is { } after)
        {
            if (Guid.TryParse(after[1], out var id))
            {
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after[0] });
                command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
                filters.Append(System.Globalization.CultureInfo.InvariantCulture,
                    $" and (d.data ->> 'lastInquiryAt', d.id) < (${command.Parameters.Count - 1}, ${command.Parameters.Count})");
            }
            else
            {
                query.Refuse("cursor", "Pass on the value of 'next' of the page before, unchanged.");
            }
        }
    }

    private static void Write(Utf8JsonWriter json, object?[] row)
    {
        json.WriteStartObject();
        json.WriteString("id", (Guid)row[0]!);
        json.WriteString("business", (string)row[1]!);
        var column = FirstText;
        foreach (var name in TextNames)
        {
            json.WriteString(name, row[column++] as string);
        }

        foreach (var name in JsonNames)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(row[column++] as string ?? "null", skipInputValidation: true);
        }

        foreach (var name in FlagNames)
        {
            json.WriteBoolean(name, row[column++] is true);
        }

        json.WriteEndObject();
    }
}
