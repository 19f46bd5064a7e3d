using Npgsql;

namespace LeadLedger.Intake.Twilio;

/// <summary>The work item that a status callback's token names.</summary>
public sealed record OutboxReference(Guid Id, string Tenant, Guid Lead, string Kind, byte[] Body);

/// <summary>Finds the attempt that a status callback is about by the token in its address.</summary>
public sealed class SmsStatusLookup(NpgsqlDataSource database)
{
    private const string Sql =
        """
        select o.id, o.tenant_id, o.stream_id, o.kind, o.body::text
        from outbox_attempt a
        join outbox o on o.id = a.outbox_id
        where a.token = $1
        """;

    public async Task<OutboxReference?> FindAsync(string token, CancellationToken cancellation)
    {
        if (token.Length is < 8 or > 64)
        {
            return null;
        }

        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = token });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new OutboxReference(reader.GetGuid(0), reader.GetString(1), reader.GetGuid(2), reader.GetString(3), reader.GetFieldValue<byte[]>(4))
            : null;
    }
}
