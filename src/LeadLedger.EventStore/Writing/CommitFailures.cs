using System.Net.Sockets;
using LeadLedger.EventStore.Faults;
using Npgsql;

namespace LeadLedger.EventStore.Writing;

/// <summary>
/// Sorts what can go wrong around a commit. The question is always the same: is it certain that nothing was committed, and if so,
/// is another try of any use? Anything else is unknown and is looked up, never repeated.
/// </summary>
public static class CommitFailures
{
    /// <summary>idle_in_transaction_session_timeout: the server hung up while it waited for us, so it had no commit to do.</summary>
    private const string IdleInTransaction = "25P03";

    private const string StatementCompletionUnknown = "40003";
    private const string QueryCanceled = "57014";
    private const string ReadOnlyTransaction = "25006";
    private const string PreparedStatementGone = "26000";

    /// <summary>
    /// Whether the connection has statements in mind that the server does not: a batch failed while its rows were read, so those behind it were
    /// never prepared. It would fail so for ever.
    /// </summary>
    public static bool IsStatementGone(Exception? exception) => exception is PostgresException { SqlState: PreparedStatementGone };

    /// <summary>Sorts one failure.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="commitSent">Whether any byte of the round trip that commits may have left.</param>
    public static CommitFailure Of(Exception exception, bool commitSent) => exception switch
    {
        PostgresException answer => OfAnswer(answer, commitSent),
        StreamBegunException => CommitFailure.Race,
        NpgsqlException or IOException or SocketException or ObjectDisposedException or TimeoutException or FailPointException
            when commitSent => CommitFailure.Unknown,
        TimeoutException or NpgsqlException { InnerException: TimeoutException } => CommitFailure.Unavailable,
        NpgsqlException or IOException or SocketException or ObjectDisposedException or FailPointException => CommitFailure.Unsent,
        _ => CommitFailure.Defect,
    };

    private static CommitFailure OfAnswer(PostgresException answer, bool commitSent)
    {
        var state = answer.SqlState;
        if (state == IdleInTransaction)
        {
            return CommitFailure.Unsent;
        }

        // An ERROR in answer to a commit is a rollback. A session that was ended may have committed before it was.
        var ended = answer.InvariantSeverity is "FATAL" or "PANIC" || state == StatementCompletionUnknown || IsOfClass(state, "08");
        if (ended && commitSent)
        {
            return CommitFailure.Unknown;
        }

        return state switch
        {
            PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable
                or PreparedStatementGone => CommitFailure.Race,
            PostgresErrorCodes.UniqueViolation when IsRace(answer.ConstraintName) => CommitFailure.Race,
            PostgresErrorCodes.CannotConnectNow => CommitFailure.Busy,
            QueryCanceled or ReadOnlyTransaction => CommitFailure.Unavailable,
            _ when IsOfClass(state, "53") => CommitFailure.Busy,
            _ when IsOfClass(state, "58") => CommitFailure.Unavailable,
            _ when ended => CommitFailure.Unsent,
            _ => CommitFailure.Refused,
        };
    }

    // Two processes that insert the same new row: the second try finds it there.
    private static bool IsRace(string? constraint) =>
        constraint is "pk_mt_events_stream_and_version" or "pkey_mt_streams_tenant_id_id" or "inbox_pkey" or "contact_point_pkey"
            or "pkey_mt_events_seq_id";

    private static bool IsOfClass(string state, string code) => state.StartsWith(code, StringComparison.Ordinal);
}
