using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.EventStore;
using LeadLedger.Hosting;
using LeadLedger.Sending;
using NodaTime;
using Npgsql;

namespace LeadLedger.Pausing;

/// <summary>
/// The pauses in force with everything a person asks of them: since when, why, by whom, what waits, when it is tried again, and the sentence
/// for a banner. Holds that were set by other means, such as after a restore, are listed too.
/// </summary>
public sealed class PauseList(NpgsqlDataSource database, Ledger ledger, HeldWork held, IClock clock)
{
    private const string OtherHoldsSql =
        """
        select h.tenant_id, h.scope, h.reason, h.since, h.set_by
        from sending_hold h
        where h.stream_id is null and (h.tenant_id = any($1) or h.tenant_id = '*')
        order by h.tenant_id, h.scope
        """;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/sending", (HttpContext http, PauseList list) => list.AnswerAsync(ApiScope.Of(http).Businesses, http.RequestAborted))
            .Requires(ApiAccess.Read).ForAuditors(AuditorView.NothingPersonal).WithTags("Sending")
            .WithSummary("What is paused: since when, why, by whom, how much waits, and when it is tried again")
            .Query("business", "Only this business; for keys that see several.")
            .Produces(200, contentType: "application/json");

    /// <summary>The answer for these businesses.</summary>
    public async Task<IResult> AnswerAsync(IReadOnlyList<Business> businesses, CancellationToken cancellation)
    {
        var waiting = await held.WaitingAsync([.. businesses.Select(business => business.Id)], clock.GetCurrentInstant(), cancellation);
        var items = new List<Item>();
        foreach (var business in businesses)
        {
            var state = await ledger.LoadAsync(OperationsStream.Type, OperationsStream.Of(business.Id), cancellation) ?? Operations.Empty;
            items.AddRange(state.Pauses.OrderBy(pause => pause.Since).Select(pause => new Item(business.Id, pause.Scope, pause.Cause, pause.Reason, pause.Since, pause.By, pause, business.Zone)));
        }

        items.AddRange(await OtherHoldsAsync(businesses, cancellation));
        return JsonAnswer.Page(items, null, (json, item) => Write(json, item, Under(waiting, item)), json => json.WriteTexts("banners", items.Select(Banner)));
    }

    private static string Banner(Item item) => PauseWords.Banner(item.Scope, item.Reason, item.Pause, item.Zone);

    private static Waiting[] Under(IReadOnlyList<Waiting> waiting, Item item) =>
    [
        .. waiting.Where(each => (item.Business == "*" || each.Business == item.Business)
            && (item.Scope == "*" || each.Scope == item.Scope || each.Scope.StartsWith($"{item.Scope}:", StringComparison.Ordinal))),
    ];

    private async Task<List<Item>> OtherHoldsAsync(IReadOnlyList<Business> businesses, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(OtherHoldsSql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. businesses.Select(business => business.Id)] });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var items = new List<Item>();
        while (await reader.ReadAsync(cancellation))
        {
            items.Add(new Item(
                reader.GetString(0), reader.GetString(1), "other", reader.GetString(2), Instants.FromTimestamp(reader.GetDateTime(3)), reader.GetString(4),
                null, DateTimeZone.Utc));
        }

        return items;
    }

    private static void Write(Utf8JsonWriter json, Item item, Waiting[] waiting)
    {
        var pause = item.Pause;
        json.WriteStartObject();
        json.WriteString("business", item.Business);
        json.WriteString("scope", item.Scope);
        json.WriteString("covers", PauseWords.Covers(item.Scope));
        json.WriteString("cause", item.Cause);
        json.WriteString("reason", item.Reason);
        json.WriteString("code", pause?.Code);
        json.WriteInstant("since", item.Since);
        json.WriteString("by", item.By);
        json.WriteString("state", pause is { NeedsPerson: true } ? "needs_person" : pause is { Probe: not null } ? "trying" : "paused");
        json.WriteString(
            "resumes",
            item.Scope == SendingScopes.Everything || pause is { NeedsPerson: true } or { Cause: PauseCauses.Staff } ? "by_person" : "by_itself");
        json.WriteInstant("tryAgainAt", pause?.TryAgainAt);
        json.WriteNumber("failedProbes", pause?.FailedProbes ?? 0);
        json.WriteString("lastError", pause?.LastError);
        json.WriteNumber("waiting", waiting.Sum(each => each.Count));
        json.WriteInstant("oldestWaitingSince", waiting.Length == 0 ? null : waiting.Min(each => each.OldestSince));
        json.WriteString("banner", Banner(item));
        json.WriteEndObject();
    }

    private sealed record Item(
        string Business, string Scope, string Cause, string Reason, Instant Since, string By, Pause? Pause, DateTimeZone Zone);
}
