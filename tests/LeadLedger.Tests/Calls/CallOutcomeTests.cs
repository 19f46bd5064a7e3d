using System.Collections.Immutable;
using LeadLedger.Calls;
using LeadLedger.Leads;
using LeadLedger.Tests.Support;

namespace LeadLedger.Tests.Calls;

/// <summary>What is known of a call, and what it therefore was.</summary>
public sealed class CallOutcomeTests
{
    [Theory]
    [Trait("Requirement", "ING-05")]
    [InlineData("ring", "no_answer", "", null, "missed:no_answer")]
    [InlineData("ring", "busy", "", null, "missed:busy")]
    [InlineData("ring", "failed", "", null, "missed:failed")]
    [InlineData("ring", "canceled", "", null, "missed:abandoned")]
    [InlineData("ring", "no_answer", "completed", 17, "missed:voicemail")]
    [InlineData("ring", "no_answer", "completed", 2, "missed:no_answer")]
    [InlineData("ring", "", "no_answer", null, "missed:abandoned")]
    [InlineData("ring", "", "completed", null, "pending:waiting")]
    [InlineData("ring", "", "", null, "pending:ringing")]
    [InlineData("voicemail", "", "completed", null, "missed:abandoned")]
    [InlineData("forwarded_voicemail", "", "completed", null, "missed:abandoned")]
    [InlineData(null, "", "no_answer", null, "missed:no_answer")]
    [InlineData(null, "", "busy", null, "missed:busy")]
    [InlineData(null, "", "failed", null, "missed:failed")]
    [InlineData(null, "", "canceled", null, "missed:abandoned")]
    [InlineData(null, "", "completed", null, "pending:waiting")]
    public void Given_what_is_known_the_outcome_is(string? handling, string dial, string final, int? voicemail, string expected)
    {
        var outcome = CallOutcome.Of(CallRecord.Empty with
        {
            To = TestBusiness.MainLine,
            Handling = handling,
            DialStatuses = Set(dial),
            FinalStatuses = Set(final),
            Voicemail = voicemail is null ? null : new Voicemail("RE1", null, voicemail),
        });
        Assert.Equal(expected, $"{outcome.Kind.ToString().ToLowerInvariant()}:{outcome.Reason}");
    }

    [Fact]
    [Trait("Requirement", "C-03")]
    public void Whatever_else_is_known_a_connected_call_was_answered() =>
        Assert.All(
            (CallRecord[])[CallRecord.Empty with { Bridged = true }, CallRecord.Empty with { LegStatuses = Set("in_progress") }],
            call => Assert.Equal(CallOutcomeKind.Answered, CallOutcome.Of(call with
            {
                DurationSeconds = 0, FinalStatuses = Set("completed"), DialStatuses = Set("no_answer"), Voicemail = new Voicemail("RE1", null, 20),
            }).Kind));

    [Fact]
    [Trait("Requirement", "ING-05")]
    public void A_call_to_voicemail_outside_hours_is_missed_after_hours() => Assert.Equal(
        "after_hours", CallOutcome.Of(CallRecord.Empty with { To = TestBusiness.MainLine, Handling = "voicemail", AfterHours = true, FinalStatuses = Set("completed") }).Reason);

    [Theory]
    [InlineData("ring", "missed:abandoned")]
    [InlineData(null, "answered:completed")]
    public void Once_the_wait_is_over_an_unexplained_end_is_judged(string? handling, string expected)
    {
        var outcome = CallOutcome.Of(CallRecord.Empty with { Handling = handling, WaitEnded = true, FinalStatuses = Set("completed") });
        Assert.Equal(expected, $"{outcome.Kind.ToString().ToLowerInvariant()}:{outcome.Reason}");
    }

    [Fact]
    [Trait("Requirement", "ING-04")]
    public void A_voicemail_whose_caller_is_not_known_yet_waits_for_the_callback_that_names_it() =>
        Assert.Equal(CallOutcomeKind.Pending, CallOutcome.Of(CallRecord.Empty with { Voicemail = new Voicemail("RE1", null, 20) }).Kind);

    private static ImmutableSortedSet<string> Set(string status) =>
        status.Length == 0 ? CallRecord.Empty.Statuses : CallRecord.Empty.Statuses.Add(status);
}
