using LeadLedger.EventStore;
using LeadLedger.EventStore.Inbox;
using Npgsql;

namespace LeadLedger.Reading;

/// <summary>Deliveries as the inbox keeps them.</summary>
public sealed class KeptDeliveries(NpgsqlDataSource database)
{
    private const string FindSql =
        """
        select i.tenant_id, i.received_at, i.content_type, i.query, i.body, i.body_sha256, i.headers::text, i.outcome
        from inbox i
        where i.tenant_id = any($1) and i.source = $2 and i.dedupe_key = $3
        """;

    private const string ReplayedSql =
        """
        update inbox i set outcome = 'replayed', answer = $4::jsonb
        where i.tenant_id = $1 and i.source = $2 and i.dedupe_key = $3 and i.outcome = 'quarantined'
        """;

    public async Task<(Receipt Receipt, string Outcome)?> FindAsync(
        string[] tenants, string source, string key, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(FindSql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = tenants });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = source });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
        {
            return null;
        }

        return (new Receipt
        {
            Tenant = reader.GetString(0),
            Source = source,
            Key = key,
            ReceivedAt = Instants.FromTimestamp(reader.GetDateTime(1)),
            ContentType = reader.IsDBNull(2) ? null : reader.GetString(2),
            Query = reader.IsDBNull(3) ? null : reader.GetString(3),
            Body = reader.GetFieldValue<byte[]>(4),
            BodySha256 = reader.GetFieldValue<byte[]>(5),
            HeadersJson = reader.GetString(6),
        }, reader.GetString(7));
    }

    /// <summary>Notes that a quarantined delivery has since been read.</summary>
    public async Task MarkReplayedAsync(Receipt receipt, string? answerJson)
    {
        await using var command = database.CreateCommand(ReplayedSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = receipt.Tenant });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = receipt.Source });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = receipt.Key });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = answerJson ?? "{}" });
        await command.ExecuteNonQueryAsync();
    }
}
