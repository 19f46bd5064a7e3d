using Npgsql;

namespace LeadLedger.Backup;

/// <summary>Follows the log beside the service where LEADLEDGER_WAL_TO names a folder of backups, so that one process is enough.</summary>
public sealed partial class WalFollowing(BackupWork work, string folder, ILogger<WalFollowing> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await work.FollowAsync(folder, message => LogProgress(log, message), stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
        catch (Exception problem) when (problem is BackupException or IOException or UnauthorizedAccessException or NpgsqlException)
        {
            LogFailed(log, problem.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Backup: {Progress}")]
    private static partial void LogProgress(ILogger logger, string progress);

    [LoggerMessage(Level = LogLevel.Error, Message = "The log is NOT being backed up: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
