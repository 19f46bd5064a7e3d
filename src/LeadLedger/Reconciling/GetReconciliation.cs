using System.Text.Json;
using LeadLedger.EventStore;
using LeadLedger.Hosting;
using LeadLedger.Sending;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.Reconciling;

/// <summary>The gap report: what arrived by itself and what only a sweep of the provider's lists found, by business and interval.</summary>
public static class GetReconciliation
{
    private const string Off =
        "The sweep does not run: there are no Twilio credentials to ask with. Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.";

    private const string AccountsSql =
        "select account_sid, swept_until, last_success_at, last_problem from provider_sweep where account_sid = any($1)";

    private const string TotalsSql =
        """
        select coalesce(sum(calls_arrived), 0)::bigint, coalesce(sum(calls_found), 0)::bigint,
               coalesce(sum(messages_arrived), 0)::bigint, coalesce(sum(messages_found), 0)::bigint
        from sweep_report where tenant_id = any($1) and swept_at >= $2
        """;

    public static void MapGetReconciliation(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/reconciliation", HandleAsync).Requires(ApiAccess.Read).ForAuditors(AuditorView.NothingPersonal).WithTags("Operations")
            .WithSummary("What arrived by itself and what only a sweep of the provider's lists found, newest interval first")
            .WithDescription("Each item is one sweep of one business: from and until bound the interval, problem says why an interval is swept again. "
                + "'accounts' tells whether the sweep runs and how far it has come; 'totals' adds up everything since the given instant.")
            .Query("business", "Only this business; for keys that see several.")
            .Query("since", "Only sweeps from this instant on; all of the last 90 days when left out.")
            .Query("limit", "1 to 200; 50 when left out.").Query("cursor", "'next' of the page before.")
            .Produces(200, contentType: "application/json").ProducesProblem(400);

    private static async Task<IResult> HandleAsync(HttpContext http, NpgsqlDataSource database, TwilioAccounts accounts)
    {
        var query = new QueryFields(http.Request.Query);
        var scope = ApiScope.Of(http);
        var limit = query.Limit();
        var since = query.Instant("since") ?? Instant.FromUnixTimeSeconds(0);
        var cursor = query.Cursor(3);
        if (query.Problem is { } problem)
        {
            return problem;
        }

        DateTime? after = null;
        if (cursor is not null && !TryRead(cursor[0], out after))
        {
            query.Refuse("cursor", "Pass on the value of 'next' of the page before, unchanged, or leave it out for the first page.");
            return query.Problem!;
        }

        var cancellation = http.RequestAborted;
        var rows = await ReportsAsync(database, scope.Tenants, since, after, cursor, limit, cancellation);
        string? next = null;
        if (rows.Count > limit)
        {
            rows.RemoveAt(limit);
            var last = rows[^1];
            next = PageCursor.Of(last.SweptAt.ToUnixTimeTicks().ToString(System.Globalization.CultureInfo.InvariantCulture), last.Business, last.Account);
        }

        var states = await AccountsAsync(database, scope, accounts, cancellation);
        var totals = await TotalsAsync(database, scope.Tenants, since, cancellation);
        return JsonAnswer.Page(rows, next, Write, json =>
        {
            json.WriteStartObject("totals");
            json.WriteNumber("callsArrived", totals[0]);
            json.WriteNumber("callsFound", totals[1]);
            json.WriteNumber("messagesArrived", totals[2]);
            json.WriteNumber("messagesFound", totals[3]);
            json.WriteEndObject();
            WriteAccounts(json, scope, accounts, states);
        });
    }

    private static bool TryRead(string text, out DateTime? at)
    {
        var isTicks = long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var ticks)
            && ticks < 100_000_000_000_000_000;
        at = isTicks ? Instant.FromUnixTimeTicks(ticks).ToTimestamp() : null;
        return isTicks;
    }

    private static async Task<List<Report>> ReportsAsync(
        NpgsqlDataSource database, string[] tenants, Instant since, DateTime? after, string[]? cursor, int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"""
            select tenant_id, account_sid, swept_at, from_at, until_at, calls_arrived, calls_found, messages_arrived, messages_found, problem
            from sweep_report
            where tenant_id = any($1) and swept_at >= $2 and ($3::timestamptz is null or (swept_at, tenant_id, account_sid) < ($3, $4, $5))
            order by swept_at desc, tenant_id desc, account_sid desc
            limit {limit + 1}
            """);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = tenants });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = since.ToTimestamp(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter<DateTime?> { TypedValue = after, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = cursor?[1], NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = cursor?[2], NpgsqlDbType = NpgsqlDbType.Varchar });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<Report>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(new Report(
                reader.GetString(0), reader.GetString(1), Instants.FromTimestamp(reader.GetDateTime(2)), Instants.FromTimestamp(reader.GetDateTime(3)),
                Instants.FromTimestamp(reader.GetDateTime(4)), reader.GetInt32(5), reader.GetInt32(6), reader.GetInt32(7), reader.GetInt32(8),
                reader.IsDBNull(9) ? null : reader.GetString(9)));
        }

        return rows;
    }

    private static async Task<Dictionary<string, AccountState>> AccountsAsync(
        NpgsqlDataSource database, ApiScope scope, TwilioAccounts accounts, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(AccountsSql);
        command.Parameters.Add(new NpgsqlParameter<string[]>
        {
            TypedValue = [.. scope.Businesses.Select(business => accounts.Listed(business)?.Sid).OfType<string>().Distinct(StringComparer.Ordinal)],
        });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var states = new Dictionary<string, AccountState>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            states[reader.GetString(0)] = new AccountState(
                Instants.FromTimestamp(reader.GetDateTime(1)),
                reader.IsDBNull(2) ? null : Instants.FromTimestamp(reader.GetDateTime(2)),
                reader.IsDBNull(3) ? null : reader.GetString(3));
        }

        return states;
    }

    private static async Task<long[]> TotalsAsync(NpgsqlDataSource database, string[] tenants, Instant since, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(TotalsSql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = tenants });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = since.ToTimestamp(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return [reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)];
    }

    private static void Write(Utf8JsonWriter json, Report report)
    {
        json.WriteStartObject();
        json.WriteString("business", report.Business);
        json.WriteString("account", report.Account);
        json.WriteInstant("sweptAt", report.SweptAt);
        json.WriteInstant("from", report.From);
        json.WriteInstant("until", report.Until);
        json.WriteNumber("callsArrived", report.CallsArrived);
        json.WriteNumber("callsFound", report.CallsFound);
        json.WriteNumber("messagesArrived", report.MessagesArrived);
        json.WriteNumber("messagesFound", report.MessagesFound);
        json.WriteString("problem", report.Problem);
        json.WriteEndObject();
    }

    private static void WriteAccounts(
        Utf8JsonWriter json, ApiScope scope, TwilioAccounts accounts, Dictionary<string, AccountState> states)
    {
        json.WriteStartArray("accounts");
        foreach (var business in scope.Businesses)
        {
            var sid = accounts.Listed(business)?.Sid;
            var state = sid is null ? null : states.GetValueOrDefault(sid);
            json.WriteStartObject();
            json.WriteString("business", business.Id);
            json.WriteString("account", sid);
            json.WriteString("state", sid is null ? "off" : state is null ? "not_started" : state.Problem is null ? "on" : "behind");
            json.WriteString("problem", sid is null ? Off : state?.Problem);
            json.WriteInstant("sweptUntil", state?.SweptUntil);
            json.WriteInstant("lastSuccessAt", state?.LastSuccessAt);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private sealed record Report(
        string Business, string Account, Instant SweptAt, Instant From, Instant Until, int CallsArrived, int CallsFound, int MessagesArrived,
        int MessagesFound, string? Problem);

    private sealed record AccountState(Instant SweptUntil, Instant? LastSuccessAt, string? Problem);
}
