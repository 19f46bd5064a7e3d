using LeadLedger.EventStore;
using LeadLedger.Intake;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace LeadLedger.Staff.Frame;

/// <summary>One thing that matters to security: somebody signed in, failed to, was refused, or was let see something.</summary>
public sealed record SecurityEvent(Instant At, string? Business, string Actor, string Kind, string Detail);

/// <summary>Signing in and out, refusals, unmasking and changes of people, kept beside the ledger for whoever audits it.</summary>
public sealed class SecurityLog(NpgsqlDataSource database, IClock clock)
{
    private const int LongestDetail = 500;
    private const int LongestActor = 200;

    public async Task WriteAsync(string actor, string? business, string kind, string detail, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("insert into staff_security_event (at, tenant_id, actor, kind, detail) values ($1, $2, $3, $4, $5)");
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetCurrentInstant().ToTimestamp() });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)business ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = SafeText.Line(actor, LongestActor) });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = kind });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = SafeText.Line(detail, LongestDetail) });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The latest, newest first; all of the service's for whoever sees every business.</summary>
    public async Task<IReadOnlyList<SecurityEvent>> LatestAsync(string? business, int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "select at, tenant_id, actor, kind, detail from staff_security_event where $1 is null or tenant_id = $1 order by id desc limit $2");
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)business ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var events = new List<SecurityEvent>();
        while (await reader.ReadAsync(cancellation))
        {
            events.Add(new SecurityEvent(
                Instants.FromTimestamp(reader.GetDateTime(0)), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetString(2),
                reader.GetString(3), reader.GetString(4)));
        }

        return events;
    }
}
