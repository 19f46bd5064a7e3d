using Npgsql;

namespace LeadLedger.EventStore.Verification;

/// <summary>Everything that stands beside the events of one stretch: stream rows, documents and the audit trail.</summary>
internal sealed class RangeRows
{
    public Dictionary<StreamKey, StreamRow> Streams { get; } = [];

    public Dictionary<(StreamKey Stream, string Table), DocumentRow> Documents { get; } = [];

    public Dictionary<(StreamKey Stream, long Version), AuditRow> Audit { get; } = [];

    public static async Task<RangeRows> ReadAsync(
        NpgsqlConnection connection, LedgerModel model, LedgerRange range, VerificationScope scope, CancellationToken cancellation)
    {
        var rows = new RangeRows();
        await rows.ReadStreamsAsync(connection, range, scope, cancellation);
        foreach (var type in model.Streams)
        {
            await rows.ReadDocumentsAsync(connection, type, range, scope, cancellation);
        }

        await rows.ReadAuditAsync(connection, range, scope, cancellation);
        return rows;
    }

    private async Task ReadStreamsAsync(
        NpgsqlConnection connection, LedgerRange range, VerificationScope scope, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select s.tenant_id, s.id, coalesce(s.type, ''), coalesce(s.version, 0), s.timestamp, s.created,
                   coalesce(s.is_archived, false)
            from mt_streams s
            where {range.Where("s", "id", scope)}
            """,
            connection)
        { CommandTimeout = 0 };
        range.AddParameters(command);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            Streams[new StreamKey(reader.GetString(0), reader.GetGuid(1))] = new StreamRow(
                reader.GetString(2), reader.GetInt64(3), reader.GetDateTime(4), reader.GetDateTime(5), reader.GetBoolean(6));
        }
    }

    private async Task ReadDocumentsAsync(
        NpgsqlConnection connection, StreamType type, LedgerRange range, VerificationScope scope, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select d.tenant_id, d.id, d.data::text, d.mt_version, d.mt_last_modified
            from {type.Table} d
            where {range.Where("d", "id", scope)}
            """,
            connection)
        { CommandTimeout = 0 };
        range.AddParameters(command);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            Documents[(new StreamKey(reader.GetString(0), reader.GetGuid(1)), type.Table)] = new DocumentRow(
                reader.GetFieldValue<byte[]>(2), reader.GetInt64(3), reader.IsDBNull(4) ? default : reader.GetDateTime(4));
        }
    }

    private async Task ReadAuditAsync(
        NpgsqlConnection connection, LedgerRange range, VerificationScope scope, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select a.tenant_id, a.stream_id, a.version, a.at, a.actor, a.kind, a.cause, a.contact_point
            from audit_trail a
            where {range.Where("a", "stream_id", scope)}
            """,
            connection)
        { CommandTimeout = 0 };
        range.AddParameters(command);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            Audit[(new StreamKey(reader.GetString(0), reader.GetGuid(1)), reader.GetInt64(2))] = new AuditRow(
                reader.GetDateTime(3),
                reader.GetString(4),
                reader.GetString(5),
                reader.IsDBNull(6) ? null : reader.GetString(6),
                reader.IsDBNull(7) ? null : reader.GetString(7));
        }
    }
}

/// <summary>A row of <c>mt_streams</c>.</summary>
internal readonly record struct StreamRow(string Type, long Version, DateTime Timestamp, DateTime Created, bool IsArchived);

/// <summary>A row of a document table: what the fold of its stream must be.</summary>
internal readonly record struct DocumentRow(byte[] Data, long Version, DateTime LastModified)
{
    /// <summary>What is different; null when both are the same, the data byte for byte in canonical form.</summary>
    public string? DifferenceFrom(DocumentRow expected) =>
        Version != expected.Version
            ? "the document is not at the version of its stream"
            : LastModified != expected.LastModified
                ? "the document's time is not that of the last event"
                : SameJson.Are(Data, expected.Data) ? null : "the document is not what the events fold to";
}

/// <summary>A row of the audit trail.</summary>
internal readonly record struct AuditRow(DateTime At, string Actor, string Kind, string? Cause, string? ContactPoint)
{
    public static AuditRow Of(RecordedEvent e, DateTime at, IReadOnlyList<GateKey> gates) =>
        new(at, e.Actor, e.Type, e.CausationId, gates.Count > 0 ? gates[0].ToString() : null);
}
