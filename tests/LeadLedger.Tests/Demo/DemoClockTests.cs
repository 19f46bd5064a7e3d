using LeadLedger.Demo;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Demo;

public sealed class DemoClockTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 20, 21, 0);

    [Fact]
    public void It_goes_from_the_start_of_the_history_to_the_present_and_on_with_the_machine()
    {
        var machine = new ManualClock(Now);
        var clock = new DemoClock(machine);
        Assert.Equal(Now, clock.GetCurrentInstant());

        clock.Begin(Now - Duration.FromDays(1));
        clock.MoveTo(Now - Duration.FromHours(3));
        Assert.Equal(Now - Duration.FromHours(3), clock.GetCurrentInstant());
        Assert.Equal(Now, clock.MachineNow);

        clock.MoveTo(Now);
        clock.FollowMachine();
        machine.Set(Now + Duration.FromSeconds(1));
        Assert.Equal(Now + Duration.FromSeconds(1), clock.GetCurrentInstant());
    }

    [Fact]
    public void It_never_goes_back()
    {
        var machine = new ManualClock(Now);
        var clock = new DemoClock(machine);
        clock.Begin(Now - Duration.FromHours(1));
        clock.MoveTo(Now - Duration.FromMinutes(10));

        Assert.Throws<InvalidOperationException>(() => clock.MoveTo(Now - Duration.FromMinutes(11)));
        Assert.Throws<InvalidOperationException>(() => clock.Begin(Now - Duration.FromHours(2)));

        clock.FollowMachine();
        machine.Set(Now - Duration.FromDays(1));
        Assert.Equal(Now - Duration.FromMinutes(10), clock.GetCurrentInstant());
    }
}
