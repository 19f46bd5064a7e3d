using LeadLedger.EventStore.Writing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LeadLedger.EventStore.Outbox;

/// <summary>Runs the dispatcher: at once when this process enqueued work, and every quarter second for the rest.</summary>
public sealed partial class OutboxWorker(OutboxDispatcher dispatcher, LedgerWriter writer, ILogger<OutboxWorker> log)
    : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PollWhenAway = TimeSpan.FromSeconds(2);
    private const int RoundsBetweenRecoveries = 40;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var woken = new SemaphoreSlim(0, 1);
        void Wake()
        {
            if (woken.CurrentCount == 0)
            {
                try
                {
                    woken.Release();
                }
                catch (SemaphoreFullException)
                {
                    // Another commit woke it in the same moment.
                }
            }
        }

        writer.WorkEnqueued += Wake;
        try
        {
            for (var round = 0; !stoppingToken.IsCancellationRequested; round++)
            {
                var worked = await RunAsync(round % RoundsBetweenRecoveries == 0, stoppingToken);
                if (worked is not > 0)
                {
                    await woken.WaitAsync(worked is null ? PollWhenAway : Poll, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping; claimed rows are released when their lease ends.
        }
        finally
        {
            writer.WorkEnqueued -= Wake;
        }
    }

    private async Task<int?> RunAsync(bool recover, CancellationToken cancellation)
    {
        try
        {
            if (recover)
            {
                await dispatcher.RecoverAsync(cancellation);
            }

            return await dispatcher.RunDueAsync(cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogAway(log, exception.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Due work cannot be claimed: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);
}
