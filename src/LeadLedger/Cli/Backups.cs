using LeadLedger.Backup;
using LeadLedger.Hosting;

namespace LeadLedger.Cli;

/// <summary>Turns what keeps a backup or a restore from going on into a sentence and an exit code.</summary>
internal static class Backups
{
    public static async Task<int> RunAsync(Func<Task<int>> verb, CancellationToken cancellation)
    {
        try
        {
            return await verb();
        }
        catch (BackupException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return problem.IsFinding ? ExitCodes.ProblemFound : ExitCodes.CouldNotRun;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{problem.Message} Make room or correct the permissions, and try again.");
            return ExitCodes.CouldNotRun;
        }
        catch (Exception problem) when (StartupReport.Explain(problem) is { } explanation)
        {
            await Console.Error.WriteLineAsync(explanation);
            return ExitCodes.CouldNotRun;
        }
    }
}
