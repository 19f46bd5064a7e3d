using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.EventStore.Verification;

/// <summary>
/// A stretch of the ledger in the order of its keys: from a stream (included) to a stream (excluded). The stretches of
/// one run cover the whole key space, so that a row whose stream is gone is met as well. They are cut by the server's own
/// order, whatever its collation, and compared only there.
/// </summary>
internal sealed record LedgerRange(StreamKey From, StreamKey? To)
{
    // Large enough that a round trip does not count, small enough that a stretch for every worker fits in memory.
    private const long EventsPerRange = 8192;

    /// <summary>Cuts what is asked for into stretches of about as many events.</summary>
    public static async Task<List<LedgerRange>> CutAsync(
        NpgsqlConnection connection, VerificationScope scope, CancellationToken cancellation)
    {
        var ranges = new List<LedgerRange>();
        if (scope.Stream is { } only)
        {
            foreach (var tenant in await TenantsOfAsync(connection, scope, only, cancellation))
            {
                ranges.Add(new LedgerRange(new StreamKey(tenant, only), new StreamKey(tenant, After(only))));
            }

            return ranges;
        }

        await using var command = new NpgsqlCommand(
            """
            select s.tenant_id, s.id, coalesce(s.version, 0)
            from mt_streams s
            where $1::varchar is null or s.tenant_id = $1
            order by s.tenant_id, s.id
            """,
            connection)
        { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)scope.Tenant ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var from = new StreamKey(scope.Tenant ?? "", Guid.Empty);
        long weight = 0;
        while (await reader.ReadAsync(cancellation))
        {
            if (weight >= EventsPerRange)
            {
                var next = new StreamKey(reader.GetString(0), reader.GetGuid(1));
                ranges.Add(new LedgerRange(from, next));
                from = next;
                weight = 0;
            }

            weight += Math.Clamp(reader.GetInt64(2), 1, EventsPerRange);
        }

        // Nothing sorts between a name and the same name followed by a NUL, which no text can hold; so the last stretch of
        // one business is bounded by equality instead, in Where.
        ranges.Add(new LedgerRange(from, null));
        return ranges;
    }

    /// <summary>The condition for a table, with the columns that hold the stream's id.</summary>
    public string Where(string alias, string idColumn, VerificationScope scope)
    {
        var key = $"({alias}.tenant_id, {alias}.{idColumn})";
        var condition = To is null ? $"{key} >= ($1::varchar, $2::uuid)" : $"{key} >= ($1::varchar, $2::uuid) and {key} < ($3::varchar, $4::uuid)";
        return scope.Tenant is null ? condition : $"{condition} and {alias}.tenant_id = $1::varchar";
    }

    public void AddParameters(NpgsqlCommand command)
    {
        Add(command, From);
        if (To is { } to)
        {
            Add(command, to);
        }
    }

    private static void Add(NpgsqlCommand command, StreamKey key)
    {
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.Tenant });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = key.Id });
    }

    private static async Task<List<string>> TenantsOfAsync(
        NpgsqlConnection connection, VerificationScope scope, Guid stream, CancellationToken cancellation)
    {
        if (scope.Tenant is { } tenant)
        {
            return [tenant];
        }

        await using var command = new NpgsqlCommand(
            """
            select s.tenant_id from mt_streams s where s.id = $1
            union
            select e.tenant_id from mt_events e where e.stream_id = $1
            order by 1
            """,
            connection)
        { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = stream });
        var tenants = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            tenants.Add(reader.GetString(0));
        }

        return tenants;
    }

    // The next id in PostgreSQL's order, which is that of the sixteen bytes.
    private static Guid After(Guid id)
    {
        var bytes = id.ToByteArray(bigEndian: true);
        for (var i = bytes.Length - 1; i >= 0 && ++bytes[i] == 0; i--)
        {
        }

        return new Guid(bytes, bigEndian: true);
    }
}
