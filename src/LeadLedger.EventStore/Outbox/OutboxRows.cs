using Npgsql;

namespace LeadLedger.EventStore.Outbox;

/// <summary>Reads work items in the column order that every query here uses.</summary>
internal static class OutboxRows
{
    /// <summary>Whether a hold covers the row: its own scope, one above it, or everything; of its business or of all. A hold's probe may pass it.</summary>
    public const string IsHeld =
        """
        (o.scope is not null and exists (
            select 1 from sending_hold h
            where h.tenant_id in (o.tenant_id, '*') and h.probe is distinct from o.id
              and (h.scope = '*' or h.scope = o.scope or starts_with(o.scope, h.scope || ':'))))
        """;

    /// <summary>The columns, of a table or alias named <c>o</c>.</summary>
    public const string Columns =
        $"""
        o.id, o.tenant_id, o.stream_id, o.kind, o.effect_key, o.state, o.due_at, o.not_after, o.fence, o.attempts,
        o.body::text, o.provider_id, o.scope, {IsHeld}
        """;

    public static OutboxItem Read(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        Tenant = reader.GetString(1),
        StreamId = reader.IsDBNull(2) ? null : reader.GetGuid(2),
        Kind = reader.GetString(3),
        EffectKey = reader.GetString(4),
        State = reader.GetString(5),
        DueAt = Instants.FromTimestamp(reader.GetDateTime(6)),
        NotAfter = reader.IsDBNull(7) ? null : Instants.FromTimestamp(reader.GetDateTime(7)),
        Fence = reader.GetInt64(8),
        Attempts = reader.GetInt32(9),
        Body = reader.GetFieldValue<byte[]>(10),
        ProviderId = reader.IsDBNull(11) ? null : reader.GetString(11),
        Scope = reader.IsDBNull(12) ? null : reader.GetString(12),
        Held = reader.GetBoolean(13),
    };
}
