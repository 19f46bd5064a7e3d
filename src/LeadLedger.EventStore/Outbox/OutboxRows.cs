using Npgsql;

namespace LeadLedger.EventStore.Outbox;

/// <summary>Reads work items in the column order that every query here uses.</summary>
internal static class OutboxRows
{
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
    };
}
