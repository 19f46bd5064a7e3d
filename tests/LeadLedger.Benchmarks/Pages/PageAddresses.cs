using LeadLedger.Staff.Accounts;
using LeadLedger.Staff.Frame;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace LeadLedger.Benchmarks.Pages;

/// <summary>
/// An address of every page: the service's own route table with ids of the filled ledger, so that a new page is measured without being
/// named here, and variants of the pages that look different by their query.
/// </summary>
public static class PageAddresses
{
    // Not pages: a stream without an end, a file of any length, and JSON for people who look closer.
    private static readonly string[] NotPages = ["/live", "/leads/export", "/leads/{id}/timeline/json"];

    private static readonly string[] Variants =
    [
        "/?who=mine", "/leads?view=callback", "/leads?view=hangup", "/leads?view=unidentified", "/leads?view=opted-out", "/leads?view=stuck",
        "/leads?view=duplicates", "/leads?view=test", "/outbox?state=done", "/outbox?state=parked", "/outbox?state=expired", "/outbox?kind=send_sms",
        "/outbox?kind=mirror_lead", "/audit?type=task_completed", "/audit?type=lead_restored", "/audit?actor=nobody", "/audit?lead={id}", "/audit?lead={often}",
        "/audit?sample=20", "/audit?from=2026-01-01&until=2026-01-02", "/leads/{often}", "/leads/{often}/timeline", "/leads/{often}/timeline?kind=texts",
        "/leads/{often}/conversation", "/leads/{often}/why", "/leads/{often}/as-of", "/leads/{merged}", "/leads/{merged}/timeline", "/leads/{merged}/merges",
    ];

    /// <param name="routes">The service's routes.</param>
    /// <param name="database">The filled ledger.</param>
    /// <param name="links">Makes the link of an alert.</param>
    public static async Task<IReadOnlyList<string>> AllAsync(IEnumerable<Endpoint> routes, NpgsqlDataSource database, Func<Guid, Task<string>> links)
    {
        var lead = await OneAsync(database, "select d.id from mt_doc_leadview d where d.data ->> 'name' is not null and d.data ->> 'email' is not null order by d.id desc limit 1");
        var often = await OneAsync(database, "select s.id from mt_streams s join mt_doc_leadview d on d.tenant_id = s.tenant_id and d.id = s.id order by s.version desc limit 1");
        var merged = await OneAsync(database, "select e.stream_id from mt_events e where e.type = 'lead_absorbed' order by e.seq_id desc limit 1");
        var other = await OneAsync(database, "select (e.data ->> 'other')::uuid from mt_events e where e.type = 'lead_absorbed' order by e.seq_id desc limit 1");
        var task = await OneAsync(database, "select (d.data -> 'task' ->> 'id')::uuid from mt_doc_leadview d where d.data -> 'task' is not null and d.data -> 'task' ->> 'closedAt' is null order by d.id limit 1");
        var work = await OneAsync(database, "select o.id from outbox o where o.state = 'parked' and o.kind = 'send_sms' limit 1");
        var link = await links(lead);
        var patterns = routes.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<PagePolicy>() is not null && route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is ["GET"])
            .Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/')).Except(NotPages).Order(StringComparer.Ordinal);
        return
        [
            .. patterns.Concat(Variants).Select(pattern => pattern
                .Replace("/callbacks/{id}", $"/callbacks/{task}", StringComparison.Ordinal)
                .Replace("/outbox/{id}", $"/outbox/{work}", StringComparison.Ordinal)
                .Replace("/m/{token}", $"/m/{link}", StringComparison.Ordinal)
                .Replace("/leads/{id}/merges/{other}", $"/leads/{merged}/merges/{other}", StringComparison.Ordinal)
                .Replace("{token}", Tokens.New(), StringComparison.Ordinal)
                .Replace("{often}", often.ToString(), StringComparison.Ordinal)
                .Replace("{merged}", merged.ToString(), StringComparison.Ordinal)
                .Replace("{id}", lead.ToString(), StringComparison.Ordinal)),
        ];
    }

    private static async Task<Guid> OneAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is Guid id ? id : Guid.Empty;
    }
}
