using LeadLedger.EventStore;
using LeadLedger.EventStore.Writing;
using LeadLedger.Intake.Spool;
using NodaTime;
using Npgsql;

namespace LeadLedger.Hosting;

/// <summary>
/// Whether this process can do its work: the database answers and the writer commits, each within a second. One answer serves all who ask
/// within a second, so that asking often costs nothing.
/// </summary>
public sealed class Health(
    NpgsqlDataSource database, LedgerWriter writer, IClock clock, WebhookSpool? spool = null, DatabaseWatch? watch = null) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _asking = new(1, 1);
    private (HealthReport Report, long At)? _latest;

    public async Task<HealthReport> CheckAsync()
    {
        await _asking.WaitAsync();
        try
        {
            if (_latest is { } latest && System.Diagnostics.Stopwatch.GetElapsedTime(latest.At) < Patience)
            {
                return latest.Report;
            }

            // One probe for all: while the database is known to be away, nobody waits for it here either.
            var isAway = watch is { IsAway: true };
            var databaseAnswers = isAway ? default : await WithinAsync(LookAsync);
            var writes = isAway ? default : await WithinAsync(WriteNothingAsync);
            var report = new HealthReport(
                databaseAnswers.Ok && writes.Ok, databaseAnswers.Ok, writes.Ok,
                databaseAnswers.Value?.OldestDue is { } due ? Math.Max(0, (long)(clock.GetCurrentInstant() - due).TotalSeconds) : null,
                databaseAnswers.Value?.SendingClosed)
            {
                KeepsWebhooks = spool is { Trouble: null } && spool.Bytes < spool.LimitBytes,
            };
            _latest = (report, System.Diagnostics.Stopwatch.GetTimestamp());
            return report;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    private static async Task<(bool Ok, T? Value)> WithinAsync<T>(Func<CancellationToken, Task<T>> check)
    {
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            return (true, await check(timeout.Token).WaitAsync(timeout.Token));
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException or TimeoutException
            or LedgerUnavailableException or LedgerBusyException or System.Net.Sockets.SocketException)
        {
            return (false, default);
        }
    }

    private async Task<Seen> LookAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            select (select min(due_at) from outbox where state = 'pending'),
                   exists (select from sending_hold where tenant_id = '*' and scope = '*')
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new Seen(reader.IsDBNull(0) ? null : Instants.FromTimestamp(reader.GetDateTime(0)), reader.GetBoolean(1));
    }

    // An empty transaction: it waits its turn behind real work, so it tells whether the writer is stuck.
    private Task<bool> WriteNothingAsync(CancellationToken cancellation) =>
        writer.WriteAsync(new WriteRequest<bool>(_ => true) { Now = clock.GetCurrentInstant(), Actor = "system" });

    private sealed record Seen(Instant? OldestDue, bool SendingClosed);
}

/// <summary>What the checks found.</summary>
/// <param name="Ready">Whether requests should be sent here.</param>
/// <param name="Database">The database answers.</param>
/// <param name="Writer">The writer commits.</param>
/// <param name="OldestDueSeconds">How long the oldest due work has waited; null when nothing is pending.</param>
/// <param name="SendingClosed">Nothing leaves until a person releases it; null when the database did not answer.</param>
public sealed record HealthReport(bool Ready, bool Database, bool Writer, long? OldestDueSeconds, bool? SendingClosed)
{
    /// <summary>Webhooks can be kept on the disk while the database is away.</summary>
    public bool KeepsWebhooks { get; init; }

    /// <summary>Webhooks must still be sent here, although the rest of the API answers 503.</summary>
    public bool Degraded => !Ready && KeepsWebhooks;
}
