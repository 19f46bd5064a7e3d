using System.Diagnostics;
using LeadLedger.EventStore.Writing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LeadLedger.EventStore.Outbox;

/// <summary>Runs the dispatcher: at once when this process enqueued work, and every quarter second for the rest.</summary>
public sealed partial class OutboxWorker(
    OutboxDispatcher dispatcher, LedgerWriter writer, OutboxTiming timing, ILogger<OutboxWorker> log)
    : BackgroundService
{
    private static readonly TimeSpan PollWhenAway = TimeSpan.FromSeconds(2);

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
            long? recovered = null;
            while (!stoppingToken.IsCancellationRequested)
            {
                var recover = recovered is not { } last || Stopwatch.GetElapsedTime(last) >= timing.Recovery.ToTimeSpan();
                if (recover)
                {
                    recovered = Stopwatch.GetTimestamp();
                }

                var worked = await RunAsync(recover, stoppingToken);
                if (worked is not > 0)
                {
                    await woken.WaitAsync(worked is null ? PollWhenAway : timing.Poll.ToTimeSpan(), stoppingToken);
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
