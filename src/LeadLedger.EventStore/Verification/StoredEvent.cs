using NodaTime;
using Npgsql;

namespace LeadLedger.EventStore.Verification;

/// <summary>An event row exactly as the table holds it, before anything is believed about it.</summary>
internal sealed record StoredEvent
{
    public const string Columns =
        """
        e.tenant_id, e.stream_id, e.version, e.id, e.type, e.data::text, e.timestamp, e.causation_id, e.correlation_id,
        coalesce(e.headers, '{}')::text, e.seq_id, coalesce(e.is_archived, false), e.bdata is not null
        """;

    public required StreamKey Stream { get; init; }

    public required long Version { get; init; }

    public required Guid Id { get; init; }

    public required string Type { get; init; }

    public required byte[] Data { get; init; }

    public required DateTime Timestamp { get; init; }

    public required string? CausationId { get; init; }

    public required string? CorrelationId { get; init; }

    public required byte[] Headers { get; init; }

    public required long Sequence { get; init; }

    public required bool IsArchived { get; init; }

    public required bool HasBinaryData { get; init; }

    public static StoredEvent Read(NpgsqlDataReader reader) => new()
    {
        Stream = new StreamKey(reader.GetString(0), reader.GetGuid(1)),
        Version = reader.GetInt64(2),
        Id = reader.GetGuid(3),
        Type = reader.GetString(4),
        Data = reader.GetFieldValue<byte[]>(5),
        Timestamp = reader.GetDateTime(6),
        CausationId = reader.IsDBNull(7) ? null : reader.GetString(7),
        CorrelationId = reader.IsDBNull(8) ? null : reader.GetString(8),
        Headers = reader.GetFieldValue<byte[]>(9),
        Sequence = reader.GetInt64(10),
        IsArchived = reader.GetBoolean(11),
        HasBinaryData = reader.GetBoolean(12),
    };

    /// <summary>The event as folds take it.</summary>
    /// <exception cref="Exception">Its type is unknown or its data cannot be read.</exception>
    public RecordedEvent Decode(LedgerModel model, in StoredHeaders headers) => new()
    {
        Stream = Stream,
        Version = Version,
        Id = Id,
        Type = Type,
        Data = model.Events.Read(Type, Data),
        Timestamp = Instant.FromDateTimeUtc(DateTime.SpecifyKind(Timestamp, DateTimeKind.Utc)),
        CausationId = CausationId,
        CorrelationId = CorrelationId,
        Actor = headers.Actor ?? "",
        Hash = headers.Hash ?? "",
        PreviousHash = headers.Previous,
        Leaf = headers.Leaf ?? "",
        Salt = headers.Salt ?? "",
        Sequence = Sequence,
    };
}
