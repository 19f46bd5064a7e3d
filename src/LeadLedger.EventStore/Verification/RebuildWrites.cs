using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.EventStore.Verification;

/// <summary>Writes the differences a rebuild found, in its one transaction: old rows go, new ones come in by binary copy.</summary>
internal static class RebuildWrites
{
    public static async Task WriteAsync(NpgsqlConnection connection, RangeRebuild range, CancellationToken cancellation)
    {
        foreach (var old in range.OldDocuments.GroupBy(row => row.Table))
        {
            await DeleteAsync(
                connection,
                $"""
                delete from {old.Key} d using unnest($1::varchar[], $2::uuid[]) as k(tenant_id, id)
                where d.tenant_id = k.tenant_id and d.id = k.id
                """,
                cancellation,
                Parameter(old.Select(row => row.Stream.Tenant), NpgsqlDbType.Varchar),
                Parameter(old.Select(row => row.Stream.Id), NpgsqlDbType.Uuid));
        }

        foreach (var rows in range.NewDocuments.GroupBy(row => row.Type))
        {
            await CopyDocumentsAsync(connection, rows.Key, [.. rows], cancellation);
        }

        await WriteAuditAsync(connection, range, cancellation);
    }

    public static async Task WriteGatesAsync(
        NpgsqlConnection connection,
        IReadOnlyList<GateKey> old,
        IReadOnlyList<(GateKey Key, byte[] Data, IReadOnlyList<Guid> Streams)> added,
        CancellationToken cancellation)
    {
        await DeleteAsync(
            connection,
            """
            delete from contact_point c using unnest($1::varchar[], $2::varchar[], $3::varchar[]) as k(tenant_id, kind, value)
            where c.tenant_id = k.tenant_id and c.kind = k.kind and c.value = k.value
            """,
            cancellation,
            Parameter(old.Select(key => key.Tenant), NpgsqlDbType.Varchar),
            Parameter(old.Select(key => key.Kind), NpgsqlDbType.Varchar),
            Parameter(old.Select(key => key.Value), NpgsqlDbType.Varchar));
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy contact_point (tenant_id, kind, value, data, streams) from stdin (format binary)", cancellation);
        foreach (var (key, data, streams) in added)
        {
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(key.Tenant, NpgsqlDbType.Varchar, cancellation);
            await copy.WriteAsync(key.Kind, NpgsqlDbType.Varchar, cancellation);
            await copy.WriteAsync(key.Value, NpgsqlDbType.Varchar, cancellation);
            await copy.WriteAsync(data, NpgsqlDbType.Jsonb, cancellation);
            await copy.WriteAsync(streams.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }

    private static async Task CopyDocumentsAsync(
        NpgsqlConnection connection,
        StreamType type,
        List<(StreamKey Stream, StreamType Type, DocumentRow Row)> rows,
        CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            $"copy {type.Table} (tenant_id, id, data, mt_last_modified, mt_dotnet_type, mt_version) from stdin (format binary)",
            cancellation);
        foreach (var (stream, _, row) in rows)
        {
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(stream.Tenant, NpgsqlDbType.Varchar, cancellation);
            await copy.WriteAsync(stream.Id, NpgsqlDbType.Uuid, cancellation);
            await copy.WriteAsync(row.Data, NpgsqlDbType.Jsonb, cancellation);
            await copy.WriteAsync(row.LastModified, NpgsqlDbType.TimestampTz, cancellation);
            await copy.WriteAsync(type.DotnetType, NpgsqlDbType.Varchar, cancellation);
            await copy.WriteAsync(row.Version, NpgsqlDbType.Bigint, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }

    private static async Task WriteAuditAsync(NpgsqlConnection connection, RangeRebuild range, CancellationToken cancellation)
    {
        if (range.OldAudit.Count > 0)
        {
            await DeleteAsync(
                connection,
                """
                delete from audit_trail a using unnest($1::varchar[], $2::uuid[], $3::bigint[]) as k(tenant_id, id, version)
                where a.tenant_id = k.tenant_id and a.stream_id = k.id and a.version = k.version
                """,
                cancellation,
                Parameter(range.OldAudit.Select(row => row.Stream.Tenant), NpgsqlDbType.Varchar),
                Parameter(range.OldAudit.Select(row => row.Stream.Id), NpgsqlDbType.Uuid),
                Parameter(range.OldAudit.Select(row => row.Version), NpgsqlDbType.Bigint));
        }

        if (range.NewAudit.Count == 0)
        {
            return;
        }

        await using var copy = await connection.BeginBinaryImportAsync(
            "copy audit_trail (tenant_id, stream_id, version, at, actor, kind, cause, contact_point) from stdin (format binary)",
            cancellation);
        foreach (var (stream, version, row) in range.NewAudit)
        {
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(stream.Tenant, NpgsqlDbType.Varchar, cancellation);
            await copy.WriteAsync(stream.Id, NpgsqlDbType.Uuid, cancellation);
            await copy.WriteAsync(version, NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(row.At, NpgsqlDbType.TimestampTz, cancellation);
            await copy.WriteAsync(row.Actor, NpgsqlDbType.Varchar, cancellation);
            await copy.WriteAsync(row.Kind, NpgsqlDbType.Varchar, cancellation);
            await WriteTextAsync(copy, row.Cause, cancellation);
            await WriteTextAsync(copy, row.ContactPoint, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }

    private static Task WriteTextAsync(NpgsqlBinaryImporter copy, string? text, CancellationToken cancellation) =>
        text is null ? copy.WriteNullAsync(cancellation) : copy.WriteAsync(text, NpgsqlDbType.Varchar, cancellation);

    private static async Task DeleteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellation, params NpgsqlParameter[] keys)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.AddRange(keys);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlParameter<T[]> Parameter<T>(IEnumerable<T> values, NpgsqlDbType type) =>
        new() { TypedValue = [.. values], NpgsqlDbType = NpgsqlDbType.Array | type };
}
