using System.Net.Sockets;
using LeadLedger.EventStore.Writing;
using Npgsql;

namespace LeadLedger.Tests.EventStore;

/// <summary>Every way a commit can fail: what is certain, and whether another try is of any use.</summary>
public sealed class CommitFailuresTests
{
    [Theory]
    [InlineData("40001", "ERROR", CommitFailure.Race, CommitFailure.Race)]
    [InlineData("40P01", "ERROR", CommitFailure.Race, CommitFailure.Race)]
    [InlineData("55P03", "ERROR", CommitFailure.Race, CommitFailure.Race)]
    [InlineData("26000", "ERROR", CommitFailure.Race, CommitFailure.Race)]
    [InlineData("53100", "ERROR", CommitFailure.Busy, CommitFailure.Busy)]
    [InlineData("53200", "ERROR", CommitFailure.Busy, CommitFailure.Busy)]
    [InlineData("53300", "FATAL", CommitFailure.Busy, CommitFailure.Unknown)]
    [InlineData("57P03", "FATAL", CommitFailure.Busy, CommitFailure.Unknown)]
    [InlineData("57014", "ERROR", CommitFailure.Unavailable, CommitFailure.Unavailable)]
    [InlineData("25006", "ERROR", CommitFailure.Unavailable, CommitFailure.Unavailable)]
    [InlineData("58030", "ERROR", CommitFailure.Unavailable, CommitFailure.Unavailable)]
    [InlineData("23505", "ERROR", CommitFailure.Refused, CommitFailure.Refused)]
    [InlineData("23514", "ERROR", CommitFailure.Refused, CommitFailure.Refused)]
    [InlineData("42601", "ERROR", CommitFailure.Refused, CommitFailure.Refused)]
    [InlineData("22P02", "ERROR", CommitFailure.Refused, CommitFailure.Refused)]
    [InlineData("25P03", "FATAL", CommitFailure.Unsent, CommitFailure.Unsent)]
    [InlineData("57P01", "FATAL", CommitFailure.Unsent, CommitFailure.Unknown)]
    [InlineData("57P02", "FATAL", CommitFailure.Unsent, CommitFailure.Unknown)]
    [InlineData("08006", "ERROR", CommitFailure.Unsent, CommitFailure.Unknown)]
    [InlineData("40003", "ERROR", CommitFailure.Unsent, CommitFailure.Unknown)]
    [InlineData("XX000", "PANIC", CommitFailure.Unsent, CommitFailure.Unknown)]
    [Trait("Requirement", "I1")]
    public void What_the_server_says_is_sorted(string state, string severity, CommitFailure before, CommitFailure after)
    {
        var exception = new PostgresException("it says so", severity, severity, state);

        Assert.Equal((before, after), (CommitFailures.Of(exception, commitSent: false), CommitFailures.Of(exception, commitSent: true)));
    }

    [Theory]
    [InlineData("inbox_pkey", CommitFailure.Race)]
    [InlineData("contact_point_pkey", CommitFailure.Race)]
    [InlineData("pk_mt_events_stream_and_version", CommitFailure.Race)]
    [InlineData("outbox_attempt_pkey", CommitFailure.Refused)]
    public void Two_who_insert_the_same_new_row_race_and_a_row_written_twice_by_one_is_a_fault(string constraint, CommitFailure expected) =>
        Assert.Equal(expected, CommitFailures.Of(
            new PostgresException("duplicate", "ERROR", "ERROR", "23505", constraintName: constraint), commitSent: true));

    public static TheoryData<Exception, CommitFailure, CommitFailure> WireFaults => new()
    {
        { new NpgsqlException("the wire broke", new IOException()), CommitFailure.Unsent, CommitFailure.Unknown },
        { new IOException(), CommitFailure.Unsent, CommitFailure.Unknown },
        { new SocketException(), CommitFailure.Unsent, CommitFailure.Unknown },
        { new NpgsqlException("too slow", new TimeoutException()), CommitFailure.Unavailable, CommitFailure.Unknown },
        { new TimeoutException(), CommitFailure.Unavailable, CommitFailure.Unknown },
        { new InvalidOperationException("a damaged row"), CommitFailure.Defect, CommitFailure.Defect },
        { new FormatException(), CommitFailure.Defect, CommitFailure.Defect },
    };

    [Theory]
    [MemberData(nameof(WireFaults))]
    [Trait("Requirement", "I1")]
    public void What_happens_to_the_wire_is_unknown_only_once_the_commit_was_sent(Exception exception, CommitFailure before, CommitFailure after) =>
        Assert.Equal((before, after), (CommitFailures.Of(exception, commitSent: false), CommitFailures.Of(exception, commitSent: true)));
}
