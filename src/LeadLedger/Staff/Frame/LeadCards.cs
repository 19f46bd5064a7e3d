using System.Text.Json;
using LeadLedger.Hosting;
using LeadLedger.Leads;
using Npgsql;

namespace LeadLedger.Staff.Frame;

/// <summary>The stored views of several leads at once, for lists that show more of a lead than their own rows hold.</summary>
public sealed class LeadCards(NpgsqlDataSource database)
{
    public async Task<IReadOnlyDictionary<Guid, Lead>> OfAsync(HttpContext http, IEnumerable<Guid> ids)
    {
        await using var command = database.CreateCommand("select d.data::text from mt_doc_leadview d where d.tenant_id = any($1) and d.id = any($2)");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = ApiScope.Of(http).Tenants });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. ids.Distinct()] });
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        var leads = new Dictionary<Guid, Lead>();
        while (await reader.ReadAsync(http.RequestAborted))
        {
            var lead = JsonSerializer.Deserialize(reader.GetFieldValue<byte[]>(0), LedgerJsonContext.Default.Lead)!;
            leads[lead.Id] = lead;
        }

        return leads;
    }

    public async Task<Lead?> OneAsync(HttpContext http, Guid id) => (await OfAsync(http, [id])).GetValueOrDefault(id);
}
