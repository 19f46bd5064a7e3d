using LeadLedger.EventStore;
using LeadLedger.EventStore.Faults;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.Backup;

/// <summary>
/// The lock on everything that leaves. It closes by itself when the database is not the one it was: restored, copied, put back, or a
/// promoted replica; what the missing history sent must not be sent again. Only a person opens it.
/// </summary>
public sealed class SendingLock(NpgsqlDataSource database, IClock clock)
{
    /// <summary>Runs on every new connection, so that nothing is claimed on a promoted replica before this was asked.</summary>
    public static async Task SeeServerAsync(NpgsqlConnection connection, IClock clock, CancellationToken cancellation)
    {
        if (PlantedDefect.Is(Defects.ReleaseNotRequired))
        {
            return;
        }

        await using var command = new NpgsqlCommand("select see_server($1)", connection);
        command.Parameters.Add(Timestamp(clock.GetCurrentInstant()));
        try
        {
            await command.ExecuteScalarAsync(cancellation);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedTable)
        {
            // A database whose schema is not there yet has nothing to send.
        }
    }

    /// <summary>Closes sending because the database went back to an earlier state.</summary>
    /// <returns>How many rows may have been sent already; they are not sent again.</returns>
    public async Task<long> CloseAfterRestoreAsync(string reason, string actor, CancellationToken cancellation)
    {
        if (PlantedDefect.Is(Defects.ReleaseNotRequired))
        {
            return 0;
        }

        await using var command = Command("select close_sending_after_restore($1, $2, $3)", reason, actor);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Closes sending on a person's word: nothing becomes doubtful, rows only wait.</summary>
    public async Task HoldAsync(string reason, string actor, CancellationToken cancellation)
    {
        await using var command = Command(
            """
            with held as (
                insert into sending_hold (tenant_id, scope, reason, since, set_by) values ('*', '*', $1, $2, $3)
                on conflict (tenant_id, scope) do nothing)
            insert into operation (at, actor, kind, reason) values ($2, $3, 'held', $1)
            """,
            reason, actor);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Opens sending.</summary>
    /// <returns>How many waiting texts became doubtful instead of being sent; null when sending was open.</returns>
    public async Task<long?> ReleaseAsync(string reason, string actor, CancellationToken cancellation)
    {
        await using var command = Command("select release_sending($1, $2, $3)", reason, actor);
        return await command.ExecuteScalarAsync(cancellation) as long?;
    }

    /// <summary>Why everything that leaves is held; null when it is not.</summary>
    public async Task<SendingClosed?> ClosedAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            select h.reason, h.since, h.set_by,
                   (select count(*) from outbox o where o.state = 'pending' and o.scope is not null and o.due_at <= $1)
            from sending_hold h where h.tenant_id = '*' and h.scope = '*'
            """);
        command.Parameters.Add(Timestamp(clock.GetCurrentInstant()));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new SendingClosed(reader.GetString(0), Instants.FromTimestamp(reader.GetDateTime(1)), reader.GetString(2), reader.GetInt64(3))
            : null;
    }

    /// <summary>Who closed and opened sending, when and why; the latest first.</summary>
    public async Task<IReadOnlyList<SendingOperation>> HistoryAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select at, actor, kind, reason, doubtful from operation order by id desc limit 100");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var operations = new List<SendingOperation>();
        while (await reader.ReadAsync(cancellation))
        {
            operations.Add(new SendingOperation(
                Instants.FromTimestamp(reader.GetDateTime(0)), reader.GetString(1), reader.GetString(2), reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetInt64(4)));
        }

        return operations;
    }

    private static NpgsqlParameter<DateTime> Timestamp(Instant at) => new() { TypedValue = at.ToTimestamp(), NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private NpgsqlCommand Command(string sql, string reason, string actor)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = reason });
        command.Parameters.Add(Timestamp(clock.GetCurrentInstant()));
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = actor });
        return command;
    }
}

/// <summary>Why nothing leaves.</summary>
/// <param name="Reason">In words for a person.</param>
/// <param name="Since">When it was closed.</param>
/// <param name="SetBy">Who closed it.</param>
/// <param name="Waiting">Due work that waits for the release.</param>
public sealed record SendingClosed(string Reason, Instant Since, string SetBy, long Waiting);

/// <summary>One closing or opening of sending.</summary>
/// <param name="At">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Kind">closed_after_restore, held or released.</param>
/// <param name="Reason">Why.</param>
/// <param name="Doubtful">Rows that may have been sent already and are not sent again.</param>
public sealed record SendingOperation(Instant At, string Actor, string Kind, string Reason, long? Doubtful);
