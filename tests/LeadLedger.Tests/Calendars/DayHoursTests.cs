using LeadLedger.Calendars;
using NodaTime;

namespace LeadLedger.Tests.Calendars;

public sealed class DayHoursTests
{
    [Theory]
    [InlineData("08:00-17:30", false)]
    [InlineData("22:00-02:00", true)]
    [InlineData("00:00-24:00", true)]
    public void Hours_are_read_and_written_alike(string text, bool endsNextDay)
    {
        Assert.True(DayHours.TryParse(text, out var hours));
        Assert.Equal(endsNextDay, hours.EndsNextDay);
        Assert.Equal(text, hours.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("8-17")]
    [InlineData("08:00")]
    [InlineData("8:00-17:00")]
    [InlineData("08:00-25:00")]
    [InlineData("24:00-08:00")]
    [InlineData("08:00-08:00")]
    [InlineData("08:00-12:00-17:00")]
    [InlineData("08:00 to 17:00")]
    public void Anything_else_is_refused(string? text) => Assert.False(DayHours.TryParse(text, out _));

    [Fact]
    public void Hours_of_a_weekday_are_kept_in_order()
    {
        var hours = WeekHours.Never.With(
            IsoDayOfWeek.Monday, DayHours.Parse("13:00-17:00"), DayHours.Parse("08:00-12:00"));

        Assert.Equal(["08:00-12:00", "13:00-17:00"], hours[IsoDayOfWeek.Monday].Select(each => each.ToString()));
        Assert.Empty(hours[IsoDayOfWeek.Tuesday]);
    }
}
