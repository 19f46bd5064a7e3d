using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.Pausing;

/// <summary>Reads what waits under a pause, and what became of its probe.</summary>
public sealed class HeldWork(NpgsqlDataSource database)
{
    // The next that is due, is first in its lane and still worth doing; none while something else holds the scope too.
    private const string NextSql =
        """
        select o.id
        from outbox o
        where o.tenant_id = $1 and o.scope = $2 and o.state = 'pending' and o.due_at <= $3 and (o.not_after is null or o.not_after > $3)
          and not exists (
              select 1 from sending_hold h
              where h.tenant_id in (o.tenant_id, '*') and not (h.tenant_id = o.tenant_id and h.scope = o.scope)
                and (h.scope = '*' or h.scope = o.scope or starts_with(o.scope, h.scope || ':')))
          and (o.lane is null or not exists (
              select 1 from outbox earlier
              where earlier.tenant_id = o.tenant_id and earlier.lane = o.lane and earlier.finished_at is null
                and earlier.id < o.id and earlier.due_at <= $3 and earlier.state in ('pending', 'claimed', 'calling')))
        order by o.due_at, o.id
        limit 1
        """;

    private const string ProbeSql =
        """
        select o.state, o.due_at, a.outcome, a.detail
        from outbox o
        left join lateral (
            select t.outcome, t.detail from outbox_attempt t
            where t.outbox_id = o.id and t.step = 'outcome' and t.at >= $2
            order by t.fence desc limit 1) a on true
        where o.id = $1
        """;

    // A probe that nobody claims for so long is kept back by something else; another may get through.
    private static readonly Duration LongestWait = Duration.FromMinutes(1);

    private const string WaitingSql =
        """
        select o.tenant_id, o.scope, count(*), min(o.created_at)
        from outbox o
        where o.tenant_id = any($1) and o.state = 'pending' and o.scope is not null and o.due_at <= $2
        group by o.tenant_id, o.scope
        """;

    /// <summary>The next work item that could find out whether the way is clear.</summary>
    public async Task<Guid?> NextAsync(string business, string scope, Instant now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(NextSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = business });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = scope });
        command.Parameters.Add(Timestamp(now));
        return (Guid?)await command.ExecuteScalarAsync(cancellation);
    }

    /// <summary>What is known of a probe. It is read from the work item's own attempts, so that any process can tell, also after a crash.</summary>
    public async Task<ProbeEvidence> EvidenceAsync(Pause pause, Instant now, CancellationToken cancellation)
    {
        if (pause is not { Probe: { } probe, ProbeAt: { } since })
        {
            return new ProbeEvidence.None();
        }

        await using var command = database.CreateCommand(ProbeSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = probe });
        command.Parameters.Add(Timestamp(since));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
        {
            return new ProbeEvidence.None();
        }

        var (state, due) = (reader.GetString(0), Instants.FromTimestamp(reader.GetDateTime(1)));
        var outcome = reader.IsDBNull(2) ? null : reader.GetString(2);
        var detail = reader.IsDBNull(3) ? null : reader.GetString(3);
        return outcome switch
        {
            "accepted" or "rejected" or "refused" => new ProbeEvidence.Answered(),
            not null => new ProbeEvidence.Failed(detail ?? outcome),

            // The provider's report overtook its own answer and ended the work item: no outcome is recorded any more, and none is needed.
            null when state is OutboxStates.Done or OutboxStates.Rejected => new ProbeEvidence.Answered(),
            null when OutboxStates.IsFinished(state) || state is OutboxStates.Parked
                || (state is OutboxStates.Pending && (due > now || now - since > LongestWait)) =>
                new ProbeEvidence.None(),
            null => new ProbeEvidence.UnderWay(),
        };
    }

    /// <summary>How much is due and waits, by business and scope, and since when.</summary>
    public async Task<IReadOnlyList<Waiting>> WaitingAsync(string[] businesses, Instant now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(WaitingSql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = businesses });
        command.Parameters.Add(Timestamp(now));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var waiting = new List<Waiting>();
        while (await reader.ReadAsync(cancellation))
        {
            waiting.Add(new Waiting(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), Instants.FromTimestamp(reader.GetDateTime(3))));
        }

        return waiting;
    }

    private static NpgsqlParameter<DateTime> Timestamp(Instant at) =>
        new() { TypedValue = at.ToTimestamp(), NpgsqlDbType = NpgsqlDbType.TimestampTz };
}

/// <summary>Work that is due under one scope of a business.</summary>
public sealed record Waiting(string Business, string Scope, long Count, Instant OldestSince);
