using LeadLedger.EventStore.Faults;
using LeadLedger.EventStore.Outbox;

namespace LeadLedger.Reconciling;

/// <summary>Runs the sweep from time to time; whether an account is due is asked in the database.</summary>
public sealed partial class SweepWorker(Sweep sweep, OutboxTiming timing, ILogger<SweepWorker> log) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(FaultSetting.Number("LEADLEDGER_SWEEP_POLL_SECONDS") ?? 30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Poll);
        try
        {
            await timing.Begin.WaitAsync(stoppingToken);
            do
            {
                try
                {
                    await sweep.RunDueAsync(stoppingToken);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    LogFailed(log, exception.Message);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // Stopping; an interval that was not finished is swept again.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The provider's lists could not be swept: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
