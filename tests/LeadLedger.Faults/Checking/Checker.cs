using Npgsql;

namespace LeadLedger.Faults.Checking;

/// <summary>Judges a run from the logs and the tables. It shares no code with the service and knows only what is documented.</summary>
public static class Checker
{
    public static async Task RunAsync(CheckInput input, CheckReport report)
    {
        await using var source = NpgsqlDataSource.Create(input.ConnectionString);
        var streams = await StreamChecks.RunAsync(source, report);
        await IngestChecks.RunAsync(source, input, streams, report);
        await SendChecks.RunAsync(source, input, streams, report);
        await TimerChecks.RunAsync(source, input, streams, report);
    }
}
