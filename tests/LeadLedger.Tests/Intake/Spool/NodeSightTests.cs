using LeadLedger.Intake.Spool;

namespace LeadLedger.Tests.Intake.Spool;

/// <summary>Whom texts wait for, in seconds of a clock that only counts; the database's may be set at any moment.</summary>
[Trait("Requirement", "I16")]
public sealed class NodeSightTests
{
    private static readonly DateTime Now = new(2026, 11, 18, 16, 0, 0, DateTimeKind.Utc);
    private readonly NodeSight _sight = new(SpoolTiming.Default);
    private readonly Guid _other = new("0190a5f0-0000-7000-8000-000000000001");
    private DateTime _serverStarted = Now.AddDays(-10);

    /// <summary>How wrong the database's clock is now.</summary>
    private TimeSpan _off;

    [Theory]
    [InlineData(1, 0, false, false)] // lives and keeps nothing
    [InlineData(1, 3, true, false)] // lives and keeps something
    [InlineData(11, 0, true, false)] // silent: cut off, perhaps keeping an opt-out
    [InlineData(59, 0, true, false)]
    [InlineData(61, 0, false, true)] // silent for a minute: dead
    [InlineData(61, 5, false, true)]
    public void The_first_look_goes_by_the_databases_clock(int age, long depth, bool awaited, bool dead) =>
        Check(at: 0, reported: -age, depth, awaited, dead);

    [Fact]
    public void A_node_that_falls_silent_is_waited_for_and_then_taken_for_dead()
    {
        Check(at: 0, reported: -1, 0, awaited: false);
        Check(at: 9, reported: -1, 0, awaited: false);
        Check(at: 12, reported: -1, 0, awaited: true);
        Check(at: 58, reported: -1, 0, awaited: true);
        Check(at: 61, reported: -1, 0, awaited: false, dead: true);
    }

    [Theory]
    [InlineData(24)]
    [InlineData(-24)]
    public void A_database_whose_clock_is_set_makes_no_node_dead_and_none_alive(int hours)
    {
        Check(at: 0, reported: -1, 2, awaited: true);
        _off = TimeSpan.FromHours(hours);
        Check(at: 2, reported: -1, 2, awaited: true);
        Check(at: 58, reported: -1, 2, awaited: true);
        _off = TimeSpan.Zero;
        Check(at: 59, reported: -1, 2, awaited: true);
        Check(at: 61, reported: -1, 2, awaited: false, dead: true);
    }

    [Fact]
    public void A_report_from_the_future_holds_texts_no_longer_than_a_minute()
    {
        _off = TimeSpan.FromDays(1);
        Check(at: 0, reported: 0, 2, awaited: true);
        var fromThen = Row(reported: 0, 2);
        _off = TimeSpan.Zero;
        Assert.Single(Judge(30, fromThen).Awaited);
        Assert.Single(Judge(61, fromThen).Dead);
    }

    [Fact]
    public void A_process_that_starts_and_finds_a_report_from_the_future_waits_for_the_next()
    {
        Check(at: 0, reported: 86400, 0, awaited: true);
        Check(at: 2, reported: 1, 0, awaited: false);
    }

    [Fact]
    public void A_server_that_was_started_under_a_clock_that_is_ahead_holds_texts_no_longer_than_a_minute()
    {
        _serverStarted = Now.AddDays(1);
        Check(at: 0, reported: -1, 0, awaited: true);
        Check(at: 2, reported: 2, 0, awaited: false);
        Check(at: 70, reported: 69, 0, awaited: false);
    }

    [Fact]
    public void After_an_outage_every_node_must_report_again()
    {
        Check(at: 0, reported: -1, 0, awaited: false);
        Check(at: 300, reported: -1, 0, awaited: true, isBack: true);
        Check(at: 359, reported: -1, 0, awaited: true);
        Check(at: 361, reported: -1, 0, awaited: false, dead: true);
    }

    [Fact]
    public void After_an_outage_a_report_that_changed_before_we_looked_does_not_count()
    {
        Check(at: 0, reported: -1, 0, awaited: false);
        Check(at: 300, reported: 299, 0, awaited: true, isBack: true);
        Check(at: 302, reported: 301, 3, awaited: true);
        Check(at: 304, reported: 303, 0, awaited: false);
    }

    [Fact]
    public void A_report_from_before_the_server_started_says_nothing()
    {
        _serverStarted = Now.AddSeconds(-2);
        Check(at: 0, reported: -3, 0, awaited: true);
        Check(at: 2, reported: 1, 0, awaited: false);
        _serverStarted = Now.AddSeconds(3);
        Check(at: 4, reported: 1, 0, awaited: true);
        Check(at: 6, reported: 5, 0, awaited: false);
    }

    private void Check(int at, int reported, long depth, bool awaited, bool dead = false, bool isBack = false)
    {
        var judged = Judge(at, Row(reported, depth), isBack);
        Assert.Equal((awaited, dead), (judged.Awaited.Count == 1, judged.Dead.Count == 1));
    }

    private (IReadOnlyList<NodeRow> Awaited, IReadOnlyList<NodeRow> Dead) Judge(int at, NodeRow row, bool isBack = false) =>
        _sight.Judge(new NodeLook([row], Now.AddSeconds(at) + _off, _serverStarted, false), TimeSpan.FromSeconds(1000 + at), isBack);

    // A row that is already there keeps what the clock said when it was written.
    private NodeRow Row(int reported, long depth) => new(_other, Now.AddSeconds(reported) + (reported >= 0 ? _off : TimeSpan.Zero), depth);
}
