using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.EventStore.Verification;

/// <summary>
/// Folds the gate rows from the events of all streams. Their order is that of the sequence: a gate row is locked while
/// events about it are numbered, so for one gate row the order of numbers is the order of commits. (For the ledger as a
/// whole it is not, which is why nothing tails it.)
/// </summary>
internal static class GateFold
{
    public static async Task<Dictionary<GateKey, Gate>> RunAsync(
        NpgsqlConnection connection,
        LedgerModel model,
        IReadOnlyCollection<string> types,
        VerificationScope scope,
        Action<long> progress,
        CancellationToken cancellation)
    {
        var gates = new Dictionary<GateKey, Gate>();
        await using var command = new NpgsqlCommand(
            $"""
            select {StoredEvent.Columns}
            from mt_events e
            where e.type = any($1::varchar[]) and ($2::varchar is null or e.tenant_id = $2)
              and e.tenant_id is not null and e.stream_id is not null
            order by e.seq_id
            """,
            connection)
        { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter { Value = types.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)scope.Tenant ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        long done = 0;
        while (await reader.ReadAsync(cancellation))
        {
            Fold(gates, model, StoredEvent.Read(reader));
            if (++done % 4096 == 0)
            {
                progress(done);
            }
        }

        return gates;
    }

    /// <summary>The stored gate rows.</summary>
    public static async Task<Dictionary<GateKey, GateRow>> ReadRowsAsync(
        NpgsqlConnection connection, VerificationScope scope, CancellationToken cancellation)
    {
        var rows = new Dictionary<GateKey, GateRow>();
        await using var command = new NpgsqlCommand(
            """
            select c.tenant_id, c.kind, c.value, c.data::text, c.streams
            from contact_point c
            where $1::varchar is null or c.tenant_id = $1
            """,
            connection)
        { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)scope.Tenant ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            rows[new GateKey(reader.GetString(0), reader.GetString(1), reader.GetString(2))] =
                new GateRow(reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<Guid[]>(4));
        }

        return rows;
    }

    private static void Fold(Dictionary<GateKey, Gate> gates, LedgerModel model, StoredEvent e)
    {
        RecordedEvent recorded;
        try
        {
            recorded = e.Decode(model, StoredHeaders.Read(e.Headers, out _));
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or InvalidOperationException)
        {
            // The check of the streams has named this event already.
            return;
        }

        foreach (var key in model.Gates.KeysOf(recorded))
        {
            gates[key] = model.Gates.Apply(key, gates.GetValueOrDefault(key) ?? model.Gates.Empty, recorded);
        }
    }
}

/// <summary>A row of <c>contact_point</c>.</summary>
internal readonly record struct GateRow(byte[] Data, Guid[] Streams)
{
    /// <summary>A row that was locked for a decision and that no event was about.</summary>
    public bool IsUntouched => Streams.Length == 0 && Data.AsSpan().SequenceEqual("{}"u8);

    public string? DifferenceFrom(byte[] data, IReadOnlyList<Guid> streams) =>
        !SameJson.Are(Data, data)
            ? "the contact point's state is not what the events fold to"
            : Streams.SequenceEqual(streams) ? null : "the contact point names other leads than the events do";
}
