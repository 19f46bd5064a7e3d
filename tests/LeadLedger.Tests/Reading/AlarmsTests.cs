using LeadLedger.EventStore.Outbox;
using LeadLedger.Reading;
using NodaTime;

namespace LeadLedger.Tests.Reading;

/// <summary>What a person is called for, by age and not by number, each with a remedy.</summary>
public sealed class AlarmsTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 18, 16, 0);

    [Theory]
    [InlineData("pending", false, 59, null)]
    [InlineData("pending", false, 61, "work_late")]
    [InlineData("pending", true, 9000, null)]
    [InlineData("claimed", false, -10, null)]
    [InlineData("claimed", false, 31, "work_abandoned")]
    [InlineData("calling", false, 31, "work_abandoned")]
    [InlineData("ambiguous", false, 60, null)]
    [InlineData("ambiguous", false, 1201, "outcome_unknown")]
    [InlineData("unconfirmed", false, 1, "texts_unconfirmed")]
    [InlineData("parked", false, 0, "work_parked")]
    [Trait("Requirement", "I15")]
    public void Work_is_judged_by_the_age_of_its_oldest_row(string state, bool held, int seconds, string? expected)
    {
        var alarms = Alarms.Of(new StatusFigures
        {
            Now = Now,
            Work = [new WorkFigure(state, "send_sms", held, 1, Now - Duration.FromSeconds(seconds))],
        });

        Assert.Equal(expected, alarms.Count == 0 ? null : Assert.Single(alarms).Name);
        Assert.All(alarms, alarm => Assert.False(string.IsNullOrEmpty(alarm.Sentence) || string.IsNullOrEmpty(alarm.Remedy)));
    }

    [Fact]
    public void Everything_quiet_is_no_alarm() => Assert.Empty(Alarms.Of(new StatusFigures { Now = Now, ClockAhead = Duration.FromMilliseconds(1900) }));

    [Fact]
    public void Holds_quarantine_stuck_leads_an_old_snapshot_and_a_wrong_clock_are_said_with_since_when()
    {
        var since = Now - Duration.FromMinutes(5);
        var alarms = Alarms.Of(new StatusFigures
        {
            Now = Now,
            Holds = [new HoldFigure("*", "text", "the account is suspended", since, "system")],
            Quarantined = 2,
            QuarantinedSince = since,
            StuckLeads = 1,
            StuckSince = since,
            OldestSnapshot = since,
            ClockAhead = Duration.FromSeconds(-3),
        });

        Assert.Equal(["sending_held", "quarantine", "leads_stuck", "old_snapshot", "clock_wrong"], alarms.Select(alarm => alarm.Name));
        Assert.Equal("Nothing leaves through text of every business: the account is suspended.", alarms[0].Sentence);
        Assert.Equal("1 lead has no open task and nothing scheduled.", alarms[2].Sentence);
        Assert.All(alarms.Take(4), alarm => Assert.Equal(since, alarm.Since));
    }
}
