using System.Runtime.CompilerServices;
using Npgsql;

namespace LeadLedger.EventStore.Verification;

/// <summary>The events of one stretch, stream by stream and oldest first, as they come off the wire.</summary>
internal static class RangeEvents
{
    public static async IAsyncEnumerable<StoredEvent> ReadAsync(
        NpgsqlConnection connection,
        LedgerRange range,
        VerificationScope scope,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select {StoredEvent.Columns}
            from mt_events e
            where {range.Where("e", "stream_id", scope)}
            order by e.tenant_id, e.stream_id, e.version, e.seq_id
            """,
            connection)
        { CommandTimeout = 0 };
        range.AddParameters(command);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            yield return StoredEvent.Read(reader);
        }
    }
}
