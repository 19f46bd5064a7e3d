using LeadLedger.Demo;
using NodaTime;

namespace LeadLedger.Tests.Demo;

public sealed class DemoStoryTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 20, 21, 0);

    [Fact]
    public void The_same_seed_tells_the_same_story_and_another_one_does_not()
    {
        var story = Told(DemoStory.Of(Now, 7));

        Assert.Equal(story, Told(DemoStory.Of(Now, 7)));
        Assert.NotEqual(story, Told(DemoStory.Of(Now, 8)));
        Assert.Equal(story.Select(step => step.What).Order(StringComparer.Ordinal), Told(DemoStory.Of(Now + Duration.FromMinutes(1), 7)).Select(step => step.What).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_hour_of_the_day_has_a_storm_by_daylight_and_nothing_in_the_future()
    {
        var zone = DateTimeZoneProviders.Tzdb["America/Chicago"];
        for (var quarter = 0; quarter < 4 * 24 * 3; quarter++)
        {
            var now = Now + Duration.FromMinutes(15 * quarter);
            var story = DemoStory.Of(now, DemoStory.UsualSeed);
            var peak = story.Peak.InZone(zone).TimeOfDay;

            Assert.InRange(peak, new LocalTime(10, 0), new LocalTime(18, 30));
            Assert.InRange(now - story.Peak, Duration.FromHours(3), Duration.FromHours(18.5));
            Assert.All(story.Steps, step => Assert.True(step.At < now, $"{step.What} at {step.At}, started at {now}"));
        }
    }

    [Fact]
    public void Every_number_is_one_of_those_kept_for_fiction()
    {
        var people = new DemoPeople(new Random(1));

        Assert.All(Enumerable.Range(0, 40), _ => Assert.Matches(@"^\+1(469|972|817|682)55501\d\d$", people.NextNumber()));
    }

    private static (Instant At, string What)[] Told(DemoStory story) => [.. story.Steps.Select(step => (step.At, step.What))];
}
