using LeadLedger.Intake;

namespace LeadLedger.Tests.Intake;

public sealed class CallStatusesTests
{
    [Theory]
    [Trait("Requirement", "ING-03")]
    [InlineData("queued", CallStatus.Queued, false, false)]
    [InlineData("ringing", CallStatus.Ringing, false, false)]
    [InlineData("in-progress", CallStatus.InProgress, false, false)]
    [InlineData("completed", CallStatus.Completed, true, false)]
    [InlineData("busy", CallStatus.Busy, true, true)]
    [InlineData("failed", CallStatus.Failed, true, true)]
    [InlineData("no-answer", CallStatus.NoAnswer, true, true)]
    [InlineData("canceled", CallStatus.Canceled, true, true)]
    [InlineData("teleported", CallStatus.Unknown, false, false)]
    [InlineData("", CallStatus.Unknown, false, false)]
    [InlineData(null, CallStatus.Unknown, false, false)]
    public void Each_status_has_one_meaning_and_an_unknown_one_is_never_final(
        string? spelling,
        CallStatus status,
        bool final,
        bool unanswered)
    {
        Assert.Equal(status, CallStatuses.Read(spelling));
        Assert.Equal(final, CallStatuses.IsFinal(status));
        Assert.Equal(unanswered, CallStatuses.IsUnanswered(status));
    }

    [Theory]
    [InlineData("No_Answer")]
    [InlineData(" NO ANSWER ")]
    [InlineData("NoAnswer")]
    public void Case_and_separators_do_not_matter(string spelling) =>
        Assert.Equal(CallStatus.NoAnswer, CallStatuses.Read(spelling));

    [Fact]
    public void A_dialled_conference_leg_that_was_answered_is_over()
    {
        Assert.Equal(CallStatus.Completed, CallStatuses.ReadDial("answered"));
        Assert.Equal(CallStatus.InProgress, CallStatuses.Read("answered"));
    }

    [Theory]
    [Trait("Requirement", "ING-06")]
    [InlineData("call.completed", "no-answer", null, CallStatus.NoAnswer)]
    [InlineData("call.completed", "NO_ANSWER", null, CallStatus.NoAnswer)]
    [InlineData("call.no-answer", null, null, CallStatus.NoAnswer)]
    [InlineData("call.no_answer", "completed", null, CallStatus.NoAnswer)]
    [InlineData("call.missed", null, null, CallStatus.NoAnswer)]
    [InlineData("call.completed", "completed", false, CallStatus.NoAnswer)]
    [InlineData("call.completed", "busy", null, CallStatus.Busy)]
    [InlineData("call.completed", "completed", true, CallStatus.Completed)]
    [InlineData("call.completed", null, null, CallStatus.Completed)]
    [InlineData("call.completed", "levitating", null, CallStatus.Completed)]
    [InlineData("call.invented", "busy", null, CallStatus.Busy)]
    [InlineData(null, null, null, CallStatus.Unknown)]
    public void Every_spelling_of_a_missed_call_is_one_status(
        string? type,
        string? status,
        bool? answered,
        CallStatus expected) =>
        Assert.Equal(expected, CallStatuses.ReadEvent(type, status, answered));

    [Fact]
    public void Names_are_unique_and_snake_case()
    {
        var names = Enum.GetValues<CallStatus>().Select(CallStatuses.Name).ToArray();

        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches("^[a-z_]+$", name));
    }
}
