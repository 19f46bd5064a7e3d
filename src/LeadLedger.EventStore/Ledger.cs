using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.EventStore;

/// <summary>Reads streams and their documents. Writing goes through <see cref="Writing.LedgerWriter"/>.</summary>
public sealed class Ledger(NpgsqlDataSource database, LedgerModel model)
{
    internal const string EventColumns =
        """
        e.tenant_id, e.stream_id, e.version, e.id, e.type, e.data::text, e.timestamp, e.causation_id, e.correlation_id,
        e.headers::text, e.seq_id
        """;

    private const string FetchSql =
        $"""
        select {EventColumns}
        from mt_events e
        where e.tenant_id = $1 and e.stream_id = $2 and e.version > $3 and e.version <= $4 and e.timestamp <= $5
        order by e.version
        limit $6
        """;

    /// <summary>The events of a stream, oldest first.</summary>
    /// <param name="after">Only events after this version.</param>
    /// <param name="upTo">Only events up to this version; null takes all.</param>
    /// <param name="asOf">Only events recorded by this instant; null takes all.</param>
    /// <param name="limit">Most events; null takes all.</param>
    public async Task<IReadOnlyList<RecordedEvent>> FetchAsync(
        StreamKey stream,
        long after = 0,
        long? upTo = null,
        Instant? asOf = null,
        int? limit = null,
        CancellationToken cancellation = default)
    {
        await using var command = database.CreateCommand(FetchSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = stream.Tenant });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = stream.Id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = upTo ?? long.MaxValue });
        command.Parameters.Add(new NpgsqlParameter<DateTime>
        {
            TypedValue = asOf?.ToTimestamp() ?? DateTime.MaxValue.ToUniversalTime(),
            NpgsqlDbType = NpgsqlDbType.TimestampTz,
        });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit ?? int.MaxValue });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var events = new List<RecordedEvent>();
        while (await reader.ReadAsync(cancellation))
        {
            events.Add(ReadEvent(reader, model));
        }

        return events;
    }

    /// <summary>The state as of a version or an instant, folded from the events; null when there are none by then.</summary>
    public async Task<TState?> AggregateAsync<TState>(
        StreamType<TState> type,
        StreamKey stream,
        long? upTo = null,
        Instant? asOf = null,
        CancellationToken cancellation = default)
        where TState : class, IStreamState
    {
        var events = await FetchAsync(stream, 0, upTo, asOf, null, cancellation);
        return events.Count == 0 ? null : type.Fold(events);
    }

    /// <summary>The current state from its document, which equals the fold; null when the stream does not exist.</summary>
    public async Task<TState?> LoadAsync<TState>(
        StreamType<TState> type, StreamKey stream, CancellationToken cancellation = default)
        where TState : class, IStreamState
    {
        await using var command = database.CreateCommand(
            $"select d.data::text from {type.Table} d where d.tenant_id = $1 and d.id = $2");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = stream.Tenant });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = stream.Id });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (TState)type.Read(reader.GetFieldValue<byte[]>(0)) : null;
    }

    internal static RecordedEvent ReadEvent(NpgsqlDataReader reader, LedgerModel model)
    {
        var type = reader.GetString(4);
        var headers = EventHeaders.Read(reader.GetFieldValue<byte[]>(9));
        return new RecordedEvent
        {
            Stream = new StreamKey(reader.GetString(0), reader.GetGuid(1)),
            Version = reader.GetInt64(2),
            Id = reader.GetGuid(3),
            Type = type,
            Data = model.Events.Read(type, reader.GetFieldValue<byte[]>(5)),
            Timestamp = Instants.FromTimestamp(reader.GetDateTime(6)),
            CausationId = reader.IsDBNull(7) ? null : reader.GetString(7),
            CorrelationId = reader.IsDBNull(8) ? null : reader.GetString(8),
            Actor = headers.Actor ?? "",
            Hash = headers.Hash ?? "",
            PreviousHash = headers.Prev,
            Leaf = headers.Leaf ?? "",
            Salt = headers.Salt ?? "",
            Sequence = reader.GetInt64(10),
        };
    }
}
