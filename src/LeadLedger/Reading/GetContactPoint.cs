using System.Text.Json;
using LeadLedger.Businesses;
using LeadLedger.Consent;
using LeadLedger.Contacting;
using LeadLedger.EventStore;
using LeadLedger.Hosting;
using LeadLedger.Leads;
using Npgsql;

namespace LeadLedger.Reading;

/// <summary>What stands between us and a number or mailbox: suppression, consent by purpose, last acknowledgement.</summary>
public static class GetContactPoint
{
    private const string Sql =
        "select c.data::text, c.streams from contact_point c where c.tenant_id = $1 and c.kind = $2 and c.value = $3";

    public static void MapGetContactPoint(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/contact-points", HandleAsync).Requires(ApiAccess.Read).WithTags("Consent")
            .WithSummary("Suppression and consents of a number or mailbox, in each business in sight that knows it")
            .Query("value", "A complete number in any written form, or an e-mail address.", required: true)
            .Query("business", "Only this business; for keys that see several.")
            .Produces(200, contentType: "application/json").ProducesProblem(400);

    private static async Task<IResult> HandleAsync(HttpContext http, NpgsqlDataSource database)
    {
        var query = new QueryFields(http.Request.Query);

        // A plus sign that was not escaped arrives as a space.
        var value = query.Text("value", 320);
        var written = value is [' ', ..] ? string.Concat("+", value.AsSpan(1)) : value;
        var scope = ApiScope.Of(http);
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var keys = scope.Businesses.Select(business => (Business: business, Key: NamedContact.Read(business, written))).ToArray();
        if (keys.All(pair => pair.Key is null))
        {
            return RequestJson.Wrong("value", NamedContact.Fix);
        }

        var found = new List<(Business Business, GateKey Key, ContactPoint Point, IReadOnlyList<Guid> Streams)>();
        foreach (var (business, key) in keys)
        {
            if (key is { } gate && await LoadAsync(database, gate, http.RequestAborted) is var (point, streams))
            {
                found.Add((business, gate, point, streams));
            }
        }

        return JsonAnswer.Page(found, null, (json, item) => Write(json, item.Business, item.Key, item.Point, item.Streams));
    }

    /// <summary>One contact point as an answer.</summary>
    public static IResult Answer(Business business, GateKey key, ContactPoint point, IReadOnlyList<Guid> streams) =>
        new JsonAnswer(json => Write(json, business, key, point, streams));

    private static async Task<(ContactPoint, IReadOnlyList<Guid>)?> LoadAsync(NpgsqlDataSource database, GateKey key, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.Tenant });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.Kind });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? (JsonSerializer.Deserialize(reader.GetFieldValue<byte[]>(0), LedgerJsonContext.Default.ContactPoint)!, reader.GetFieldValue<Guid[]>(1))
            : null;
    }

    private static void Write(Utf8JsonWriter json, Business business, GateKey key, ContactPoint point, IReadOnlyList<Guid> streams)
    {
        json.WriteStartObject();
        json.WriteString("business", business.Id);
        json.WriteString("kind", key.Kind);
        json.WriteString("value", key.Value);
        json.WriteBoolean("suppressed", point.SuppressedSince is not null);
        json.WriteInstant("suppressedSince", point.SuppressedSince);
        json.WriteString("suppressedBy", point.SuppressedBy);
        json.WriteBoolean("blockedByProvider", point.BlockedByProvider);
        json.WriteBoolean("held", point.Held);
        json.WriteString("notTextable", point.NotTextable);
        json.WriteInstant("lastAcknowledgedAt", point.LastAcknowledgedAt);
        json.WriteInstant("lastInboundAt", point.LastInboundAt);
        json.WriteStartObject("consents");
        foreach (var (purpose, consent) in point.Consents)
        {
            json.WriteStartObject(purpose);
            json.WriteString("state", consent.State);
            json.WriteInstant("at", consent.At);
            json.WriteString("leadId", consent.Lead);
            json.WriteNumber("seq", consent.Version);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartArray("leads");
        foreach (var stream in streams)
        {
            json.WriteStringValue(stream);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
