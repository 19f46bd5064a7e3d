using LeadLedger.Intake.Spool;

namespace LeadLedger.Tests.Intake.Spool;

/// <summary>Whom texts wait for, in seconds around one moment.</summary>
[Trait("Requirement", "I16")]
public sealed class NodeRulesTests
{
    private static readonly DateTime Now = new(2026, 11, 18, 16, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(1, 0, false, false)] // lives and keeps nothing
    [InlineData(1, 3, true, false)] // lives and keeps something
    [InlineData(11, 0, true, false)] // silent: cut off, perhaps keeping an opt-out
    [InlineData(59, 0, true, false)]
    [InlineData(61, 0, false, true)] // silent for a minute: dead
    [InlineData(61, 5, false, true)]
    public void While_the_database_is_there(int age, long depth, bool awaited, bool dead) =>
        Check(age, depth, null, null, awaited, dead);

    [Theory]
    [InlineData(301, 0, 5, 300, true, false)] // reported just before the outage, and not since: it may keep something
    [InlineData(301, 0, 61, 300, false, true)] // a minute after the database is back it is dead
    [InlineData(1, 0, 5, 300, false, false)] // has reported since
    [InlineData(1, 2, 5, 300, true, false)]
    [InlineData(900, 0, 5, 300, false, true)] // was dead before the outage
    [InlineData(6, 0, 5, 8, true, false)] // a short outage: a report of a second before says nothing of it
    public void After_an_outage(int age, long depth, int back, int lastBefore, bool awaited, bool dead) =>
        Check(age, depth, back, lastBefore, awaited, dead);

    [Fact]
    public void A_report_from_before_the_server_started_says_nothing()
    {
        var node = new NodeRow(Guid.Empty, Now.AddSeconds(-3), 0);
        var (awaited, _) = NodeRules.Judge(new NodeLook([node], Now, Now.AddSeconds(-2), false), null, null, SpoolTiming.Default);
        Assert.Equal([node], awaited);
    }

    private static void Check(int age, long depth, int? back, int? lastBefore, bool awaited, bool dead)
    {
        var node = new NodeRow(Guid.Empty, Now.AddSeconds(-age), depth);
        var look = new NodeLook([node], Now, Now.AddDays(-1), false);
        var judged = NodeRules.Judge(look, back is { } b ? Now.AddSeconds(-b) : null, lastBefore is { } l ? Now.AddSeconds(-l) : null, SpoolTiming.Default);
        Assert.Equal(awaited, judged.Awaited.Count == 1);
        Assert.Equal(dead, judged.Dead.Count == 1);
    }
}
