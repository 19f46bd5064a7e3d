using System.Text;
using LeadLedger.EventStore.Faults;
using LeadLedger.EventStore.Inbox;
using LeadLedger.EventStore.Outbox;
using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.EventStore.Writing;

/// <summary>
/// The two round trips of a batch. The first locks and reads, each in a statement of its own, since a statement reads a
/// snapshot as old as itself; the second writes and commits. Statements take arrays, so their number does not
/// grow with the batch. Lock order, here and everywhere: gate rows, stream rows, work items, each sorted.
/// </summary>
internal static class BatchCommands
{
    // The transaction gives its id before it writes, so that its end can be asked for when its confirmation gets lost.
    private const string Settings =
        $"""
        select pg_current_xact_id()::text,
               set_config('lock_timeout', $1, true), set_config('statement_timeout', '5s', true),
               set_config('idle_in_transaction_session_timeout', '10s', true),
               {PlannerSettings.Columns}
        """;

    private const string ReadReceipts =
        """
        select i.tenant_id, i.source, i.dedupe_key, i.body_sha256, i.outcome, i.answer::text
        from unnest($1::varchar[], $2::varchar[], $3::varchar[]) as k(tenant_id, source, dedupe_key)
        join inbox i on i.tenant_id = k.tenant_id and i.source = k.source and i.dedupe_key = k.dedupe_key
        """;

    private const string InsertGates =
        """
        insert into contact_point (tenant_id, kind, value, data)
        select k.tenant_id, k.kind, k.value, '{}'::jsonb
        from unnest($1::varchar[], $2::varchar[], $3::varchar[]) as k(tenant_id, kind, value)
        on conflict do nothing
        """;

    private const string LockGates =
        """
        select c.tenant_id, c.kind, c.value, c.data::text, c.streams
        from unnest($1::varchar[], $2::varchar[], $3::varchar[]) as k(tenant_id, kind, value)
        join contact_point c on c.tenant_id = k.tenant_id and c.kind = k.kind and c.value = k.value
        order by c.tenant_id collate "C", c.kind collate "C", c.value
        for update of c
        """;

    private static readonly string LockGatesInOrder = PlantedDefect.Is(Defects.UnsortedGateRows)
        ? LockGates.Replace("order by c.tenant_id collate \"C\", c.kind collate \"C\", c.value", "", StringComparison.Ordinal)
        : LockGates;

    // The streams that were named, and the latest of those that use a locked contact point.
    private const string WantedStreams =
        """
        select k.tenant_id, k.id from unnest($4::varchar[], $5::uuid[]) as k(tenant_id, id)
        union
        select c.tenant_id, u.id
        from unnest($1::varchar[], $2::varchar[], $3::varchar[]) as k(tenant_id, kind, value)
        join contact_point c on c.tenant_id = k.tenant_id and c.kind = k.kind and c.value = k.value
        cross join lateral unnest(c.streams[1:16]) as u(id)
        """;

    private const string LockStreams =
        $"""
        select s.tenant_id, s.id, s.type, s.version
        from ({WantedStreams}) w
        join mt_streams s on s.tenant_id = w.tenant_id and s.id = w.id
        order by s.tenant_id collate "C", s.id
        for update of s
        """;

    private const string LockOutbox =
        $"""
        select {OutboxRows.Columns}
        from unnest($1::uuid[]) as k(id)
        join outbox o on o.id = k.id
        order by o.id
        for update of o
        """;

    private const string InsertStreams =
        """
        insert into mt_streams (tenant_id, id, type, version, timestamp, created, is_archived)
        select x.tenant_id, x.id, x.type, x.version, x.at, x.created, false
        from unnest($1::varchar[], $2::uuid[], $3::varchar[], $4::bigint[], $5::timestamptz[], $6::timestamptz[])
            as x(tenant_id, id, type, version, at, created)
        """;

    private const string UpdateStreams =
        """
        update mt_streams s set version = x.version, timestamp = x.at
        from unnest($1::varchar[], $2::uuid[], $3::bigint[], $4::timestamptz[]) as x(tenant_id, id, version, at)
        where s.tenant_id = x.tenant_id and s.id = x.id
        """;

    private const string InsertEvents =
        """
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type,
                               correlation_id, causation_id, headers, is_archived)
        select nextval('mt_events_sequence'), x.id, x.stream_id, x.version, x.data, x.type, x.at, x.tenant_id, x.dotnet,
               x.correlation_id, x.causation_id, x.headers, false
        from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::jsonb[], $5::varchar[], $6::timestamptz[], $7::varchar[],
                    $8::varchar[], $9::varchar[], $10::varchar[], $11::jsonb[])
            as x(id, stream_id, version, data, type, at, tenant_id, dotnet, correlation_id, causation_id, headers)
        """;

    private const string InsertAudit =
        """
        insert into audit_trail (tenant_id, stream_id, version, at, actor, kind, cause, contact_point)
        select x.tenant_id, x.stream_id, x.version, x.at, x.actor, x.kind, x.cause, x.contact_point
        from unnest($1::varchar[], $2::uuid[], $3::bigint[], $4::timestamptz[], $5::varchar[], $6::varchar[],
                    $7::varchar[], $8::varchar[])
            as x(tenant_id, stream_id, version, at, actor, kind, cause, contact_point)
        """;

    private const string UpdateGates =
        """
        update contact_point c set data = x.data, streams = x.streams::uuid[]
        from unnest($1::varchar[], $2::varchar[], $3::varchar[], $4::jsonb[], $5::varchar[])
            as x(tenant_id, kind, value, data, streams)
        where c.tenant_id = x.tenant_id and c.kind = x.kind and c.value = x.value
        """;

    private const string InsertOutbox =
        """
        insert into outbox (id, tenant_id, stream_id, kind, effect_key, lane, scope, state, due_at, not_after, body,
                            created_at)
        select x.id, x.tenant_id, x.stream_id, x.kind, x.effect_key, x.lane, x.scope, 'pending', x.due_at, x.not_after, x.body,
               x.at
        from unnest($1::uuid[], $2::varchar[], $3::uuid[], $4::varchar[], $5::varchar[], $6::varchar[],
                    $7::varchar[], $8::timestamptz[], $9::timestamptz[], $10::jsonb[], $11::timestamptz[])
            as x(id, tenant_id, stream_id, kind, effect_key, lane, scope, due_at, not_after, body, at)
        on conflict (tenant_id, effect_key) do nothing
        """;

    // Which of the messages of a batch are not there, although it was committed: their effect had been asked for before.
    private const string FindLeftOut =
        """
        select x.tenant_id, x.effect_key
        from unnest($1::uuid[], $2::varchar[], $3::varchar[]) as x(id, tenant_id, effect_key)
        where not exists (select 1 from outbox o where o.id = x.id)
        """;

    private const string UpdateOutbox =
        """
        update outbox o
        set state = x.state,
            due_at = coalesce(x.due_at, o.due_at),
            last_error = coalesce(x.error, o.last_error),
            provider_id = coalesce(x.provider_id, o.provider_id),
            attempts = case when x.recount then 0 else o.attempts - case when x.uncount then 1 else 0 end end,
            lease_until = case when x.state in ('claimed', 'calling') then o.lease_until end,
            finished_at = x.finished_at
        from unnest($1::uuid[], $2::varchar[], $3::timestamptz[], $4::varchar[], $5::varchar[], $6::bool[],
                    $7::timestamptz[], $8::bool[])
            as x(id, state, due_at, error, provider_id, uncount, finished_at, recount)
        where o.id = x.id
        """;

    private const string InsertAttempts =
        """
        insert into outbox_attempt (outbox_id, tenant_id, fence, step, token, at, outcome, detail)
        select x.id, x.tenant_id, x.fence, x.step, x.token, x.at, x.outcome, x.detail
        from unnest($1::uuid[], $2::varchar[], $3::bigint[], $4::varchar[], $5::varchar[], $6::timestamptz[],
                    $7::varchar[], $8::varchar[])
            as x(id, tenant_id, fence, step, token, at, outcome, detail)
        """;

    private const string InsertReceipts =
        """
        insert into inbox (tenant_id, source, dedupe_key, received_at, content_type, query, body, body_sha256, headers,
                           outcome, answer, problem, stream_id)
        select x.tenant_id, x.source, x.dedupe_key, x.at, x.content_type, x.query, x.body, x.sha, x.headers, x.outcome,
               x.answer, x.problem, x.stream_id
        from unnest($1::varchar[], $2::varchar[], $3::varchar[], $4::timestamptz[], $5::varchar[], $6::varchar[],
                    $7::bytea[], $8::bytea[], $9::jsonb[], $10::varchar[], $11::jsonb[], $12::varchar[], $13::uuid[])
            as x(tenant_id, source, dedupe_key, at, content_type, query, body, sha, headers, outcome, answer, problem,
                 stream_id)
        order by x.tenant_id collate "C", x.source collate "C", x.dedupe_key collate "C"
        """;

    private const string CountReplays =
        """
        update inbox i set replays = replays + 1
        from unnest($1::varchar[], $2::varchar[], $3::varchar[]) as k(tenant_id, source, dedupe_key)
        where i.tenant_id = k.tenant_id and i.source = k.source and i.dedupe_key = k.dedupe_key
        """;

    private const string DeleteHolds = "delete from sending_hold h where h.tenant_id = $1 and h.stream_id = $2";

    private const string InsertHolds =
        """
        insert into sending_hold (tenant_id, scope, reason, since, set_by, stream_id, probe)
        select x.tenant_id, x.scope, x.reason, x.since, x.set_by, x.stream_id, x.probe
        from unnest($1::varchar[], $2::varchar[], $3::varchar[], $4::timestamptz[], $5::varchar[], $6::uuid[], $7::uuid[])
            as x(tenant_id, scope, reason, since, set_by, stream_id, probe)
        on conflict (tenant_id, scope) do update
        set reason = excluded.reason, since = excluded.since, set_by = excluded.set_by, stream_id = excluded.stream_id, probe = excluded.probe
        """;

    // A row that a worker is just claiming is left to it. What is past its time gets no slot: it is due now, and ends without leaving.
    private const string SpreadWaiting =
        """
        with waiting as materialized (
            select o.id, o.scope, o.due_at, coalesce(o.not_after < $3, false) as stale
            from outbox o
            where o.state = 'pending' and o.due_at <= $3 and o.tenant_id = $1 and (o.scope = $2 or starts_with(o.scope, $2 || ':'))
            for update of o skip locked),
        slots as (
            select w.id, w.stale, row_number() over (partition by w.scope, w.stale order by w.due_at, w.id) - 1 as slot
            from waiting w)
        update outbox o
        set due_at = $3 + case when s.stale then 0 else s.slot * $4 end * interval '1 millisecond',
            not_after = case when $5 then null else o.not_after end
        from slots s
        where o.id = s.id
        """;

    /// <summary>Seconds until the client hangs up; the server's own bounds end a statement sooner, if the server still works.</summary>
    private const int PatienceSeconds = 8;

    public static NpgsqlBatch LockAndRead(NpgsqlConnection connection, LedgerModel model, BatchKeys keys, string lockTimeout)
    {
        var batch = new NpgsqlBatch(connection) { Timeout = PatienceSeconds };
        Add(batch, "begin");
        Add(batch, Settings, new NpgsqlParameter<string> { TypedValue = lockTimeout });
        var receipts = keys.Receipts;
        Add(batch, ReadReceipts, Texts(receipts, r => r.Tenant), Texts(receipts, r => r.Source), Texts(receipts, r => r.Key));
        var tenants = Texts(keys.Gates, g => g.Tenant);
        var kinds = Texts(keys.Gates, g => g.Kind);
        var values = Texts(keys.Gates, g => g.Value);
        Add(batch, InsertGates, tenants, kinds, values);
        Add(batch, LockGatesInOrder, Again(tenants), Again(kinds), Again(values));
        Add(batch, LockStreams, Again(tenants), Again(kinds), Again(values),
            Texts(keys.Streams, s => s.Tenant), Array(keys.Streams, s => s.Id, NpgsqlDbType.Uuid));
        foreach (var type in model.Streams)
        {
            Add(batch, ReadDocuments(type), Again(tenants), Again(kinds), Again(values),
                Texts(keys.Streams, s => s.Tenant), Array(keys.Streams, s => s.Id, NpgsqlDbType.Uuid));
        }

        if (keys.OutboxRows.Count > 0)
        {
            Add(batch, LockOutbox, Array(keys.OutboxRows, id => id, NpgsqlDbType.Uuid));
        }

        return batch;
    }

    public static NpgsqlBatch WriteAndCommit(NpgsqlConnection connection, BatchWrites writes)
    {
        var batch = new NpgsqlBatch(connection) { Timeout = PatienceSeconds };
        AddStreams(batch, writes);
        AddEvents(batch, writes);
        if (!PlantedDefect.Is(Defects.ProjectionOutsideTransaction))
        {
            AddDocuments(batch, writes);
        }

        AddGates(batch, writes);
        AddOutbox(batch, writes);
        AddHolds(batch, writes);
        AddReceipts(batch, writes);
        Add(batch, "commit");
        if (PlantedDefect.Is(Defects.ProjectionOutsideTransaction))
        {
            AddDocuments(batch, writes);
        }

        return batch;
    }

    /// <summary>How many of a batch's messages were left out, after it was executed.</summary>
    public static int LeftOut(NpgsqlBatch batch, BatchWrites writes)
    {
        for (var i = 0; writes.Messages.Count > 0 && i < batch.BatchCommands.Count; i++)
        {
            if (ReferenceEquals(batch.BatchCommands[i].CommandText, InsertOutbox))
            {
                return writes.Messages.Count - batch.BatchCommands[i].RecordsAffected;
            }
        }

        return 0;
    }

    /// <summary>Names the messages that were left out and should not have been asked for.</summary>
    public static NpgsqlBatch NameLeftOut(NpgsqlConnection connection, BatchWrites writes)
    {
        var batch = new NpgsqlBatch(connection) { Timeout = PatienceSeconds };
        var messages = writes.Messages.Where(m => !m.Message.OnlyOnce).ToArray();
        Add(batch, FindLeftOut, Array(messages, m => m.Id, NpgsqlDbType.Uuid), Texts(messages, m => m.Tenant),
            Texts(messages, m => m.Message.EffectKey));
        return batch;
    }

    private static void AddStreams(NpgsqlBatch batch, BatchWrites writes)
    {
        var added = writes.Streams.Where(s => s.Stream.IsNew).ToArray();
        if (added.Length > 0)
        {
            // A stream that several requests of the batch wrote to is as old as the first of them.
            var created = writes.Events.Where(e => e.Event.Version == 1).ToDictionary(e => e.Event.Stream, e => e.Event.Timestamp);
            Add(batch, InsertStreams, Texts(added, s => s.Key.Tenant), Array(added, s => s.Key.Id, NpgsqlDbType.Uuid),
                Texts(added, s => s.Stream.Type.Name), Array(added, s => s.Stream.Version, NpgsqlDbType.Bigint),
                Array(added, s => s.At.ToTimestamp(), NpgsqlDbType.TimestampTz),
                Array(added, s => created[s.Key].ToTimestamp(), NpgsqlDbType.TimestampTz));
        }

        var grown = writes.Streams.Where(s => !s.Stream.IsNew).ToArray();
        if (grown.Length > 0)
        {
            Add(batch, UpdateStreams, Texts(grown, s => s.Key.Tenant), Array(grown, s => s.Key.Id, NpgsqlDbType.Uuid),
                Array(grown, s => s.Stream.Version, NpgsqlDbType.Bigint),
                Array(grown, s => s.At.ToTimestamp(), NpgsqlDbType.TimestampTz));
        }
    }

    private static void AddEvents(NpgsqlBatch batch, BatchWrites writes)
    {
        var events = writes.Events;
        if (events.Count == 0)
        {
            return;
        }

        Add(batch, InsertEvents,
            Array(events, e => e.Event.Id, NpgsqlDbType.Uuid),
            Array(events, e => e.Event.Stream.Id, NpgsqlDbType.Uuid),
            Array(events, e => e.Event.Version, NpgsqlDbType.Bigint),
            Jsons(events, e => e.Data),
            Texts(events, e => e.Event.Type),
            Array(events, e => e.Event.Timestamp.ToTimestamp(), NpgsqlDbType.TimestampTz),
            Texts(events, e => e.Event.Stream.Tenant),
            Texts(events, e => e.Type.DotnetType),
            Texts(events, e => e.Event.CorrelationId),
            Texts(events, e => e.Event.CausationId),
            Jsons(events, e => EventHeaders.Write(e.Event)));
        Add(batch, InsertAudit,
            Texts(events, e => e.Event.Stream.Tenant),
            Array(events, e => e.Event.Stream.Id, NpgsqlDbType.Uuid),
            Array(events, e => e.Event.Version, NpgsqlDbType.Bigint),
            Array(events, e => e.Event.Timestamp.ToTimestamp(), NpgsqlDbType.TimestampTz),
            Texts(events, e => e.Event.Actor),
            Texts(events, e => e.Event.Type),
            Texts(events, e => e.Event.CausationId),
            Texts(events, e => e.ContactPoint));
    }

    private static void AddDocuments(NpgsqlBatch batch, BatchWrites writes)
    {
        foreach (var type in writes.Streams.GroupBy(s => s.Stream.Type))
        {
            var rows = type.ToArray();
            Add(batch, UpsertDocuments(type.Key), Texts(rows, s => s.Key.Tenant), Array(rows, s => s.Key.Id, NpgsqlDbType.Uuid),
                Jsons(rows, s => s.Stream.Type.Write(s.Stream.State!)),
                Array(rows, s => s.Stream.Version, NpgsqlDbType.Bigint),
                Array(rows, s => s.At.ToTimestamp(), NpgsqlDbType.TimestampTz));
        }
    }

    private static void AddGates(NpgsqlBatch batch, BatchWrites writes)
    {
        if (writes.Gates.Count > 0)
        {
            Add(batch, UpdateGates, Texts(writes.Gates, g => g.Key.Tenant), Texts(writes.Gates, g => g.Key.Kind),
                Texts(writes.Gates, g => g.Key.Value), Jsons(writes.Gates, g => g.Data),
                Texts(writes.Gates, g => $"{{{string.Join(',', g.Streams)}}}"));
        }
    }

    private static void AddOutbox(NpgsqlBatch batch, BatchWrites writes)
    {
        AddMessages(batch, writes.Messages);
        AddChanges(batch, writes);
    }

    private static void AddMessages(
        NpgsqlBatch batch, List<(Guid Id, string Tenant, Guid? StreamId, OutboxMessage Message, NodaTime.Instant At)> messages)
    {
        if (messages.Count > 0)
        {
            Add(batch, InsertOutbox,
                Array(messages, m => m.Id, NpgsqlDbType.Uuid),
                Texts(messages, m => m.Tenant),
                Array(messages, m => m.StreamId, NpgsqlDbType.Uuid),
                Texts(messages, m => m.Message.Kind),
                Texts(messages, m => m.Message.EffectKey),
                Texts(messages, m => m.Message.Lane),
                Texts(messages, m => m.Message.Scope),
                Array(messages, m => m.Message.DueAt.ToTimestamp(), NpgsqlDbType.TimestampTz),
                Array(messages, m => m.Message.NotAfter?.ToTimestamp(), NpgsqlDbType.TimestampTz),
                Jsons(messages, m => m.Message.Body),
                Array(messages, m => m.At.ToTimestamp(), NpgsqlDbType.TimestampTz));
        }
    }

    private static void AddChanges(NpgsqlBatch batch, BatchWrites writes)
    {
        var changes = writes.Changes;
        if (changes.Count > 0)
        {
            Add(batch, UpdateOutbox,
                Array(changes, c => c.Change.Id, NpgsqlDbType.Uuid),
                Texts(changes, c => c.Change.State),
                Array(changes, c => c.Change.DueAt?.ToTimestamp(), NpgsqlDbType.TimestampTz),
                Texts(changes, c => c.Change.Error),
                Texts(changes, c => c.Change.ProviderId),
                Array(changes, c => c.Change.Uncount, NpgsqlDbType.Boolean),
                Array(changes, c => OutboxStates.IsFinished(c.Change.State) ? c.At.ToTimestamp() : (DateTime?)null,
                    NpgsqlDbType.TimestampTz),
                Array(changes, c => c.Change.Recount, NpgsqlDbType.Boolean));
        }

        var attempts = writes.Attempts;
        if (attempts.Count > 0)
        {
            Add(batch, InsertAttempts,
                Array(attempts, a => a.Attempt.OutboxId, NpgsqlDbType.Uuid),
                Texts(attempts, a => a.Attempt.Tenant),
                Array(attempts, a => a.Attempt.Fence, NpgsqlDbType.Bigint),
                Texts(attempts, a => a.Attempt.Step),
                Texts(attempts, a => a.Attempt.Token),
                Array(attempts, a => a.At.ToTimestamp(), NpgsqlDbType.TimestampTz),
                Texts(attempts, a => a.Attempt.Outcome),
                Texts(attempts, a => a.Attempt.Detail));
        }
    }

    private static void AddHolds(NpgsqlBatch batch, BatchWrites writes)
    {
        foreach (var (key, stream, _) in writes.Streams.Where(s => s.Stream.Type.MayHold))
        {
            Add(batch, DeleteHolds, new NpgsqlParameter<string> { TypedValue = key.Tenant }, new NpgsqlParameter<Guid> { TypedValue = key.Id });
            AddHolds(batch, key, stream.Type.HoldsOf(stream.State!));
        }

        foreach (var (spread, at) in writes.Spreads)
        {
            Add(batch, SpreadWaiting,
                new NpgsqlParameter<string> { TypedValue = spread.Tenant },
                new NpgsqlParameter<string> { TypedValue = spread.Scope },
                new NpgsqlParameter<DateTime> { TypedValue = at.ToTimestamp(), NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new NpgsqlParameter<double> { TypedValue = spread.Every.TotalMilliseconds },
                new NpgsqlParameter<bool> { TypedValue = PlantedDefect.Is(Defects.HeldFlushedWithoutDecision) });
        }
    }

    /// <summary>Writes the holds of one stream, whose old ones are gone already.</summary>
    public static void AddHolds(NpgsqlBatch batch, StreamKey key, IReadOnlyList<SendingHold> holds)
    {
        if (holds.Count > 0 && !PlantedDefect.Is(Defects.BreakerIgnored))
        {
            Add(batch, InsertHolds,
                Texts(holds, _ => key.Tenant), Texts(holds, h => h.Scope), Texts(holds, h => h.Reason),
                Array(holds, h => h.Since.ToTimestamp(), NpgsqlDbType.TimestampTz), Texts(holds, h => h.SetBy),
                Array(holds, _ => key.Id, NpgsqlDbType.Uuid), Array(holds, h => h.Probe, NpgsqlDbType.Uuid));
        }
    }

    private static void AddReceipts(NpgsqlBatch batch, BatchWrites writes)
    {
        AddReceipts(batch, InsertReceipts, writes.Receipts);
        AddReceipts(
            batch,
            $"{InsertReceipts} on conflict do nothing",
            [.. writes.Conflicts.Select(r => (r, ReceiptOutcomes.Conflict, (string?)null,
                (string?)"the same event was delivered with another body", (Guid?)null))]);
        if (writes.Replays.Count > 0)
        {
            Add(batch, CountReplays, Texts(writes.Replays, r => r.Tenant), Texts(writes.Replays, r => r.Source),
                Texts(writes.Replays, r => r.Key));
        }
    }

    private static void AddReceipts(
        NpgsqlBatch batch,
        string sql,
        List<(Receipt Receipt, string Outcome, string? AnswerJson, string? Problem, Guid? Stream)> receipts)
    {
        if (receipts.Count > 0)
        {
            Add(batch, sql,
                Texts(receipts, r => r.Receipt.Tenant),
                Texts(receipts, r => r.Receipt.Source),
                Texts(receipts, r => r.Receipt.Key),
                Array(receipts, r => r.Receipt.ReceivedAt.ToTimestamp(), NpgsqlDbType.TimestampTz),
                Texts(receipts, r => r.Receipt.ContentType),
                Texts(receipts, r => r.Receipt.Query),
                Array(receipts, r => r.Receipt.Body.ToArray(), NpgsqlDbType.Bytea),
                Array(receipts, r => r.Receipt.BodySha256, NpgsqlDbType.Bytea),
                Jsons(receipts, r => Encoding.UTF8.GetBytes(r.Receipt.HeadersJson)),
                Texts(receipts, r => r.Outcome),
                Jsons(receipts, r => r.AnswerJson is null ? null : Encoding.UTF8.GetBytes(r.AnswerJson)),
                Texts(receipts, r => r.Problem),
                Array(receipts, r => r.Stream, NpgsqlDbType.Uuid));
        }
    }

    private static string ReadDocuments(StreamType type) =>
        $"""
        select d.tenant_id, d.id, d.mt_version, d.data::text
        from ({WantedStreams}) w
        join {type.Table} d on d.tenant_id = w.tenant_id and d.id = w.id
        """;

    private static string UpsertDocuments(StreamType type) =>
        $"""
        insert into {type.Table} (tenant_id, id, data, mt_version, mt_last_modified, mt_dotnet_type)
        select x.tenant_id, x.id, x.data, x.version, x.at, '{type.DotnetType}'
        from unnest($1::varchar[], $2::uuid[], $3::jsonb[], $4::bigint[], $5::timestamptz[])
            as x(tenant_id, id, data, version, at)
        on conflict (tenant_id, id) do update
        set data = excluded.data, mt_version = excluded.mt_version, mt_last_modified = excluded.mt_last_modified
        """;

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter<string?[]> Texts<T>(IReadOnlyList<T> rows, Func<T, string?> value) =>
        Array(rows, value, NpgsqlDbType.Varchar);

    private static NpgsqlParameter<byte[]?[]> Jsons<T>(IReadOnlyList<T> rows, Func<T, byte[]?> value) =>
        Array(rows, value, NpgsqlDbType.Jsonb);

    private static NpgsqlParameter<TValue[]> Array<T, TValue>(
        IReadOnlyList<T> rows, Func<T, TValue> value, NpgsqlDbType type)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(rows[i]);
        }

        return new NpgsqlParameter<TValue[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }

    private static NpgsqlParameter<string?[]> Again(NpgsqlParameter<string?[]> parameter) =>
        new() { TypedValue = parameter.TypedValue, NpgsqlDbType = parameter.NpgsqlDbType };
}

internal sealed record BatchKeys(
    IReadOnlyList<Receipt> Receipts,
    IReadOnlyList<GateKey> Gates,
    IReadOnlyList<StreamKey> Streams,
    IReadOnlyList<Guid> OutboxRows);
