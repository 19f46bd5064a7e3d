using LeadLedger.Calls;
using LeadLedger.Hosting;
using LeadLedger.Leads;
using Npgsql;

namespace LeadLedger.Reading;

/// <summary>What is known of one call, by the provider's id of it.</summary>
public static class GetCall
{
    private const string Sql =
        """
        select d.data::text from unnest($1::varchar[], $2::uuid[]) as k(tenant_id, id)
        join mt_doc_callrecord d on d.tenant_id = k.tenant_id and d.id = k.id
        limit 1
        """;

    public static void MapGetCall(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/calls/{callSid}", HandleAsync).Requires(ApiAccess.Read).WithTags("Leads")
            .WithSummary("What the provider reported about one call, and what it came to")
            .Parameter("callSid", "The provider's id of the call.")
            .Produces<CallRecord>(200).ProducesProblem(404);

    private static async Task<IResult> HandleAsync(string callSid, HttpContext http, NpgsqlDataSource database)
    {
        var keys = ApiScope.Of(http).Tenants
            .SelectMany(tenant => new[] { RecordCall.Twilio, RecordCall.Ghl }.Select(provider => LeadStreams.CallOf(tenant, provider, callSid)))
            .ToArray();
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. keys.Select(key => key.Tenant)] });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. keys.Select(key => key.Id)] });
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        if (!await reader.ReadAsync(http.RequestAborted))
        {
            return Problems.Of(404, "unknown-call", "There is no such call, or this key does not see it.");
        }

        var document = reader.GetFieldValue<byte[]>(0);
        return new JsonAnswer(json => json.WriteRawValue(document, skipInputValidation: true));
    }
}
