using LeadLedger.EventStore;
using LeadLedger.Merging;
using Npgsql;

namespace LeadLedger.Reading;

/// <summary>Reads the stored events of leads as they are.</summary>
public sealed class HistoryQuery(NpgsqlDataSource database)
{
    private const int MostAbsorbed = 200;

    private const string Columns =
        """
        e.stream_id, e.version, e.id, e.type, e.data::text, e.timestamp, e.causation_id, e.correlation_id, e.headers ->> 'actor' as actor,
        e.headers ->> 'alg' as alg, e.headers ->> 'hash' as hash, e.headers ->> 'prev' as prev, e.headers ->> 'leaf' as leaf,
        e.headers ->> 'salt' as salt, e.seq_id
        """;

    private const string OneSql =
        $"""
        select {Columns} from mt_events e
        where e.tenant_id = $1 and e.stream_id = $2 and e.version > $3
        order by e.version limit $4
        """;

    // Events that came to a lead when a merge was undone stay in the stream where they were recorded.
    private const string SeveralSql =
        $"""
        select e.stream_id, e.version, e.id, e.type, e.data, e.timestamp, e.causation_id, e.correlation_id, e.actor, e.alg, e.hash, e.prev, e.leaf, e.salt, e.seq_id
        from (
            select {Columns} from mt_events e
            where e.tenant_id = $1 and e.stream_id = any($2) and ($3::varchar is null or e.type = $3)
            union all
            select {Columns} from unnest($4::uuid[], $5::bigint[]) as m(stream_id, version)
            join mt_events e on e.tenant_id = $1 and e.stream_id = m.stream_id and e.version = m.version
            where e.stream_id <> all($2) and ($3::varchar is null or e.type = $3)) as e
        order by e.stream_id, e.version
        """;

    private const string MovedSql =
        """
        select (m.value ->> 'lead')::uuid, (m.value ->> 'version')::bigint
        from mt_events e cross join lateral jsonb_array_elements(e.data -> 'events') as m(value)
        where e.tenant_id = $1 and e.stream_id = any($2) and e.type = 'lead_restored'
        except
        select (m.value ->> 'lead')::uuid, (m.value ->> 'version')::bigint
        from mt_events e cross join lateral jsonb_array_elements(e.data -> 'events') as m(value)
        where e.tenant_id = $1 and e.stream_id = any($2) and e.type = 'lead_separated'
        """;

    private const string PositionSql =
        "select e.seq_id from mt_events e where e.tenant_id = $1 and e.stream_id = $2 and e.version = $3";

    private const string HashesSql =
        """
        select e.stream_id, e.headers ->> 'hash', e.version
        from unnest($2::uuid[], $3::bigint[]) as w(stream_id, version)
        join mt_events e on e.tenant_id = $1 and e.stream_id = w.stream_id and e.version = w.version
        """;

    private const string AbsorbedSql =
        """
        select s.value::uuid
        from mt_doc_leadview d cross join lateral jsonb_array_elements_text(d.data -> 'absorbed') as s(value)
        where d.tenant_id = $1 and d.id = any($2)
        """;

    /// <summary>The lead and every lead that went into it, directly or through another.</summary>
    public async Task<IReadOnlyList<Guid>> StreamsAsync(StreamKey lead, CancellationToken cancellation)
    {
        var all = new List<Guid> { lead.Id };
        Guid[] latest = [lead.Id];
        while (latest.Length > 0 && all.Count < MostAbsorbed)
        {
            await using var command = Command(AbsorbedSql, lead.Tenant);
            command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = latest });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var found = new List<Guid>();
            while (await reader.ReadAsync(cancellation))
            {
                found.Add(reader.GetGuid(0));
            }

            latest = [.. found.Except(all)];
            all.AddRange(latest);
        }

        return all;
    }

    /// <summary>Events of these leads that are kept in the stream of a lead they had been merged into.</summary>
    public async Task<IReadOnlyList<EventRef>> MovedAsync(string tenant, IReadOnlyList<Guid> leads, CancellationToken cancellation)
    {
        await using var command = Command(MovedSql, tenant);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. leads] });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var moved = new List<EventRef>();
        while (await reader.ReadAsync(cancellation))
        {
            moved.Add(new EventRef(reader.GetGuid(0), reader.GetInt64(1)));
        }

        return moved;
    }

    /// <summary>
    /// Events after a place: a version for one stream, a position for several. The streams of a merged lead are finished or few, so they are
    /// read whole and put in the order in which their events were committed.
    /// </summary>
    public async Task<List<HistoryEntry>> FetchAsync(
        string tenant, IReadOnlyList<Guid> streams, IReadOnlyList<EventRef> moved, long after, int limit, CancellationToken cancellation)
    {
        if (streams.Count > 1 || moved.Count > 0)
        {
            await using var several = Several(tenant, streams, moved, null);
            var all = await ReadAsync(several, tenant, cancellation);
            return [.. all.Where(entry => entry.Position > after).OrderBy(entry => entry.Position).Take(limit)];
        }

        await using var command = Command(OneSql, tenant);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = streams[0] });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        return await ReadAsync(command, tenant, cancellation);
    }

    /// <summary>Every event of one type, latest first.</summary>
    public async Task<List<HistoryEntry>> OfTypeAsync(string tenant, IReadOnlyList<Guid> streams, string type, CancellationToken cancellation)
    {
        await using var command = Several(tenant, streams, await MovedAsync(tenant, streams, cancellation), type);
        var entries = await ReadAsync(command, tenant, cancellation);
        return [.. entries.OrderByDescending(entry => entry.Position)];
    }

    /// <summary>The position of one event; null when the stream is shorter.</summary>
    public async Task<long?> PositionAsync(StreamKey stream, long version, CancellationToken cancellation)
    {
        await using var command = Command(PositionSql, stream.Tenant);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = stream.Id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = version });
        return await command.ExecuteScalarAsync(cancellation) as long?;
    }

    /// <summary>The hash before each event shown whose predecessor is not shown, by the place of that predecessor.</summary>
    public async Task<Dictionary<EventRef, string?>> HashesBeforeAsync(
        string tenant, IReadOnlyList<HistoryEntry> shown, CancellationToken cancellation)
    {
        var places = shown.Select(entry => new EventRef(entry.Stream.Id, entry.Version)).ToHashSet();
        var first = shown.Where(entry => entry.Version > 1 && !places.Contains(new EventRef(entry.Stream.Id, entry.Version - 1))).ToArray();
        var hashes = new Dictionary<EventRef, string?>();
        if (first.Length == 0)
        {
            return hashes;
        }

        await using var command = Command(HashesSql, tenant);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. first.Select(entry => entry.Stream.Id)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. first.Select(entry => entry.Version - 1)] });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            hashes[new EventRef(reader.GetGuid(0), reader.GetInt64(2))] = Text(reader, 1);
        }

        return hashes;
    }

    private static async Task<List<HistoryEntry>> ReadAsync(NpgsqlCommand command, string tenant, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var entries = new List<HistoryEntry>();
        while (await reader.ReadAsync(cancellation))
        {
            entries.Add(new HistoryEntry
            {
                Stream = new StreamKey(tenant, reader.GetGuid(0)),
                Version = reader.GetInt64(1),
                Id = reader.GetGuid(2),
                Type = reader.GetString(3),
                Data = reader.GetFieldValue<byte[]>(4),
                RecordedAt = Instants.FromTimestamp(reader.GetDateTime(5)),
                CausationId = Text(reader, 6),
                CorrelationId = Text(reader, 7),
                Actor = Text(reader, 8) ?? "",
                Algorithm = Text(reader, 9) ?? "",
                Hash = Text(reader, 10) ?? "",
                PreviousHash = Text(reader, 11),
                Leaf = Text(reader, 12) ?? "",
                Salt = Text(reader, 13) ?? "",
                Position = reader.GetInt64(14),
            });
        }

        return entries;
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private NpgsqlCommand Several(string tenant, IReadOnlyList<Guid> streams, IReadOnlyList<EventRef> moved, string? type)
    {
        var command = Command(SeveralSql, tenant);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. streams] });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = type, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Varchar });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. moved.Select(place => place.Lead)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. moved.Select(place => place.Version)] });
        return command;
    }

    private NpgsqlCommand Command(string sql, string tenant)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant });
        return command;
    }
}
