using LeadLedger.EventStore;
using LeadLedger.EventStore.Outbox;
using NodaTime;
using Npgsql;

namespace LeadLedger.Demo;

/// <summary>Does the service's due work while the demo's clock is moved by hand, so that each text and reminder happens at its own instant.</summary>
internal sealed class DemoWork(OutboxDispatcher dispatcher, NpgsqlDataSource database, IClock clock)
{
    private const int MostRounds = 1000;

    /// <summary>Does everything that is due now, and what follows from it at once.</summary>
    public async Task RunDueAsync()
    {
        for (var round = 0; await dispatcher.RunDueAsync() > 0; round++)
        {
            if (round == MostRounds)
            {
                throw new InvalidOperationException("due work has no end");
            }
        }
    }

    /// <summary>When the next work falls due; null when nothing is scheduled.</summary>
    public async Task<Instant?> NextDueAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select min(o.due_at) from outbox o where o.state = 'pending' and o.due_at > $1");
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetCurrentInstant().ToTimestamp() });
        return await command.ExecuteScalarAsync(cancellation) is DateTime at ? Instants.FromTimestamp(at) : null;
    }
}
