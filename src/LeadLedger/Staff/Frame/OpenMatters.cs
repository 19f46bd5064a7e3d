using LeadLedger.Hosting;
using Npgsql;

namespace LeadLedger.Staff.Frame;

/// <summary>Leads on which something waits for a person that no list of the API filters by.</summary>
public sealed class OpenMatters(NpgsqlDataSource database)
{
    private const int Most = 200;

    private static readonly string SuggestionsSql =
        $"""
        select d.id from mt_doc_leadview d
        where d.tenant_id = any($1) and d.data -> 'mergeSuggestions' <> '[]'::jsonb and d.data ->> 'mergedInto' is null
        order by d.data ->> 'lastInquiryAt' desc limit {Most}
        """;

    private static readonly string HeldSql =
        $"""
        select d.id from mt_doc_leadview d
        where d.tenant_id = any($1) and d.data ->> 'optOutHeld' = 'true' and d.data ->> 'mergedInto' is null
        order by d.data ->> 'lastInquiryAt' limit {Most}
        """;

    /// <summary>Leads that somebody else may be the same person as, newest inquiry first.</summary>
    public Task<IReadOnlyList<Guid>> SuggestedAsync(HttpContext http) => IdsAsync(http, SuggestionsSql);

    /// <summary>Leads whose words may have been an opt-out, the one that waits longest first.</summary>
    public Task<IReadOnlyList<Guid>> HeldAsync(HttpContext http) => IdsAsync(http, HeldSql);

    private async Task<IReadOnlyList<Guid>> IdsAsync(HttpContext http, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = ApiScope.Of(http).Tenants });
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(http.RequestAborted))
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }
}
