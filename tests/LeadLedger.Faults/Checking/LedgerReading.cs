using System.Text.Json;
using Npgsql;

namespace LeadLedger.Faults.Checking;

/// <summary>Reads the tables as they are described, with nothing but SQL.</summary>
public static class LedgerReading
{
    public static async IAsyncEnumerable<StoredFact> FactsAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand(
            """
            select stream_id, version, id, type, timestamp, causation_id, correlation_id, tenant_id, data::text, headers::text
            from mt_events order by tenant_id, stream_id, version
            """);
        command.CommandTimeout = 300;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            yield return new StoredFact(
                reader.GetGuid(0), reader.GetInt64(1), reader.GetGuid(2), reader.GetString(3), reader.GetDateTime(4),
                reader.IsDBNull(5) ? null : reader.GetString(5), reader.IsDBNull(6) ? null : reader.GetString(6), reader.GetString(7),
                JsonDocument.Parse(reader.GetString(8)).RootElement, JsonDocument.Parse(reader.GetString(9)).RootElement);
        }
    }

    /// <summary>All rows of a query, each read by the function.</summary>
    public static async Task<List<T>> RowsAsync<T>(NpgsqlDataSource source, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 300;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public static async Task<long> NumberAsync(NpgsqlDataSource source, string sql) =>
        (await RowsAsync(source, sql, static reader => reader.GetInt64(0)))[0];
}
