using LeadLedger.EventStore;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.Reconciling;

/// <summary>What the store knows of an attempt that waits to be settled.</summary>
/// <param name="MarkedAt">When the hand-over began; after a restore, when it was noticed.</param>
/// <param name="State">The work item's state.</param>
/// <param name="Rivals">Other attempts with the same words to the same number whose fate is open too: one listed message could be either's.</param>
/// <param name="IsRestored">It may have been handed over in the history that a restore lost, nobody knows when.</param>
public sealed record OpenAttempt(Instant MarkedAt, string State, long Rivals, bool IsRestored);

/// <summary>Reads what is needed to tell whose message a listed one is.</summary>
public sealed class SettlementLookup(NpgsqlDataSource database)
{
    private const string AttemptSql =
        """
        select m.at, o.state,
               (select count(*)
                from outbox r
                join outbox_attempt a on a.outbox_id = r.id and a.step = 'mark'
                where r.tenant_id = o.tenant_id and r.lane = o.lane and r.finished_at is null and r.id <> o.id and r.kind = o.kind
                  and r.state in ('calling', 'ambiguous', 'unconfirmed')
                  and r.body ->> 'from' = o.body ->> 'from' and r.body ->> 'body' = o.body ->> 'body'
                  and a.at between m.at - $4 and m.at + $4),
               m.step = 'restored'
        from outbox o
        join outbox_attempt m on m.outbox_id = o.id and m.fence = $3 and m.step in ('mark', 'restored')
        where o.id = $2 and o.tenant_id = $1
        """;

    private const string TakenSql =
        "select provider_id from outbox where tenant_id = $1 and provider_id = any($2) and id <> $3";

    /// <summary>The attempt; null when it is gone.</summary>
    /// <param name="tenant">Its business.</param>
    /// <param name="text">Which attempt.</param>
    /// <param name="apart">Marks this far apart cannot have made the same message.</param>
    /// <param name="cancellation">Ends the look-up.</param>
    public async Task<OpenAttempt?> FindAsync(string tenant, SettleText text, Duration apart, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(AttemptSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = text.Text });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = text.Fence });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = apart.ToTimeSpan(), NpgsqlDbType = NpgsqlDbType.Interval });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new OpenAttempt(Instants.FromTimestamp(reader.GetDateTime(0)), reader.GetString(1), reader.GetInt64(2), reader.GetBoolean(3))
            : null;
    }

    /// <summary>Which of these messages belong to another attempt already.</summary>
    public async Task<IReadOnlySet<string>> TakenAsync(string tenant, Guid text, IEnumerable<string> sids, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(TakenSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. sids] });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            taken.Add(reader.GetString(0));
        }

        return taken;
    }
}
