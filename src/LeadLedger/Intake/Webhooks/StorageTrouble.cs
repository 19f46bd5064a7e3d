using LeadLedger.EventStore.Writing;
using Npgsql;

namespace LeadLedger.Intake.Webhooks;

/// <summary>Tells a database that cannot store anything now from a delivery that can never be stored.</summary>
public static class StorageTrouble
{
    private const string ReadOnlyTransaction = "25006";

    // Insufficient resources, operator intervention, errors of the server's own system or data files.
    private static readonly string[] Classes = ["53", "57", "58", "XX"];

    public static bool IsAway(Exception exception) => exception switch
    {
        LedgerUnavailableException => true,
        DecisionFailedException { InnerException: PostgresException refused } => IsAway(refused),
        PostgresException refused => refused.SqlState is ReadOnlyTransaction or PostgresErrorCodes.UndefinedTable
            || Classes.Any(start => refused.SqlState.StartsWith(start, StringComparison.Ordinal)),
        NpgsqlException or TimeoutException or System.Net.Sockets.SocketException or IOException => true,
        _ => false,
    };
}
