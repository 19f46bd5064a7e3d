using LeadLedger.Calendars;
using NodaTime;

namespace LeadLedger.Tests.Calendars;

public sealed class SendingWindowTests
{
    private static readonly DateTimeZone _chicago = DateTimeZoneProviders.Tzdb["America/Chicago"];
    private static readonly DateTimeZone _newYork = DateTimeZoneProviders.Tzdb["America/New_York"];
    private static readonly DateTimeZone _losAngeles = DateTimeZoneProviders.Tzdb["America/Los_Angeles"];

    /// <summary>A Wednesday, or a Sunday, in winter and on both days of a clock change.</summary>
    [Theory]
    [InlineData("acknowledgement", "2026-11-25T07:59:59", false)]
    [InlineData("acknowledgement", "2026-11-25T08:00:00", true)]
    [InlineData("acknowledgement", "2026-11-25T20:59:59", true)]
    [InlineData("acknowledgement", "2026-11-25T21:00:00", false)]
    [InlineData("acknowledgement", "2026-11-29T07:59:59", false)]
    [InlineData("acknowledgement", "2026-11-29T08:00:00", true)]
    [InlineData("follow_up", "2026-11-25T08:59:59", false)]
    [InlineData("follow_up", "2026-11-25T09:00:00", true)]
    [InlineData("follow_up", "2026-11-25T19:59:59", true)]
    [InlineData("follow_up", "2026-11-25T20:00:00", false)]
    [InlineData("follow_up", "2026-11-29T09:00:00", false)]
    [InlineData("follow_up", "2026-11-29T11:59:59", false)]
    [InlineData("follow_up", "2026-11-29T12:00:00", true)]
    [InlineData("follow_up", "2026-11-29T19:59:59", true)]
    [InlineData("follow_up", "2026-11-29T20:00:00", false)]
    [InlineData("early_morning", "2026-11-25T06:59:59", false)]
    [InlineData("early_morning", "2026-11-25T07:00:00", true)]
    [InlineData("early_morning", "2026-11-25T20:59:59", true)]
    [InlineData("early_morning", "2026-11-25T21:00:00", false)]
    [InlineData("acknowledgement", "2027-03-14T07:59:59", false)]
    [InlineData("acknowledgement", "2027-03-14T08:00:00", true)]
    [InlineData("acknowledgement", "2027-03-14T20:59:59", true)]
    [InlineData("acknowledgement", "2027-03-14T21:00:00", false)]
    [InlineData("acknowledgement", "2026-11-01T07:59:59", false)]
    [InlineData("acknowledgement", "2026-11-01T08:00:00", true)]
    [InlineData("acknowledgement", "2026-11-01T20:59:59", true)]
    [InlineData("acknowledgement", "2026-11-01T21:00:00", false)]
    [InlineData("follow_up", "2027-03-14T11:59:59", false)]
    [InlineData("follow_up", "2027-03-14T12:00:00", true)]
    [Trait("Requirement", "CON-10")]
    public void The_start_is_inside_and_the_end_outside(string profile, string local, bool open)
    {
        var window = SendingWindow.Profiles[profile];

        Assert.Equal(open, window.IsOpen(Local(_chicago, local), [_chicago]));
    }

    [Fact]
    [Trait("Requirement", "C-10")]
    public void Half_past_seven_is_deferred_by_default_and_allowed_in_the_early_morning_profile()
    {
        var at = Local(_chicago, "2026-11-25T07:30:00");

        Assert.Equal(Local(_chicago, "2026-11-25T08:00:00"), SendingWindow.Acknowledgement.NextOpen(at, [_chicago]));
        Assert.Equal(at, SendingWindow.EarlyMorning.NextOpen(at, [_chicago]));
    }

    [Fact]
    [Trait("Requirement", "C-10")]
    public void Half_past_eight_in_the_evening_allows_the_acknowledgement_and_defers_the_follow_up()
    {
        var saturday = Local(_chicago, "2026-11-28T20:30:00");

        Assert.Equal(saturday, SendingWindow.Acknowledgement.NextOpen(saturday, [_chicago]));
        Assert.Equal(Local(_chicago, "2026-11-29T12:00:00"), SendingWindow.FollowUp.NextOpen(saturday, [_chicago]));
    }

    [Fact]
    [Trait("Requirement", "CON-09")]
    public void A_call_at_22_45_is_deferred_to_the_next_opening() =>
        Assert.Equal(
            Local(_chicago, "2026-11-26T08:00:00"),
            SendingWindow.Acknowledgement.NextOpen(Local(_chicago, "2026-11-25T22:45:00"), [_chicago]));

    [Fact]
    [Trait("Requirement", "C-10")]
    public void All_zones_must_be_open()
    {
        var early = Local(_newYork, "2026-11-25T08:30:00");
        DateTimeZone[] zones = [_newYork, _losAngeles, _chicago];

        Assert.True(SendingWindow.Acknowledgement.IsOpen(early, [_newYork]));
        Assert.False(SendingWindow.Acknowledgement.IsOpen(early, zones));
        Assert.Equal(Local(_losAngeles, "2026-11-25T08:00:00"), SendingWindow.Acknowledgement.NextOpen(early, zones));
        Assert.Equal(
            Local(_newYork, "2026-11-25T21:00:00"),
            SendingWindow.Acknowledgement.ClosesAt(Local(_losAngeles, "2026-11-25T08:00:00"), zones));
    }

    [Fact]
    [Trait("Requirement", "I17")]
    public void No_zones_is_closed_for_good()
    {
        var noon = Local(_chicago, "2026-11-25T12:00:00");

        Assert.False(SendingWindow.Acknowledgement.IsOpen(noon, []));
        Assert.Null(SendingWindow.Acknowledgement.NextOpen(noon, []));
        Assert.Equal(noon, SendingWindow.Acknowledgement.ClosesAt(noon, []));
    }

    [Fact]
    public void Zones_whose_windows_never_meet_never_open()
    {
        var auckland = DateTimeZoneProviders.Tzdb["Pacific/Auckland"];
        var hour = new SendingWindow("one_hour", WeekHours.Daily(DayHours.Parse("09:00-10:00")));

        Assert.Null(hour.NextOpen(Local(_chicago, "2026-11-25T12:00:00"), [_chicago, auckland]));
    }

    [Fact]
    public void A_window_of_one_weekday_is_found_a_week_ahead()
    {
        var mondays = new SendingWindow(
            "mondays", WeekHours.Never.With(IsoDayOfWeek.Monday, DayHours.Parse("09:00-10:00")));

        var justClosed = Local(_chicago, "2026-11-23T10:00:00");

        Assert.Equal(Local(_chicago, "2026-11-30T09:00:00"), mondays.NextOpen(justClosed, [_chicago]));
        Assert.Null(new SendingWindow("never", WeekHours.Never).NextOpen(justClosed, [_chicago]));
    }

    [Fact]
    public void A_window_may_cross_midnight_and_belongs_to_the_day_on_which_it_starts()
    {
        var friday = new SendingWindow(
            "friday_night", WeekHours.Never.With(IsoDayOfWeek.Friday, DayHours.Parse("22:00-02:00")));
        DateTimeZone[] zones = [_chicago];

        Assert.False(friday.IsOpen(Local(_chicago, "2026-11-27T01:00:00"), zones));
        Assert.False(friday.IsOpen(Local(_chicago, "2026-11-27T21:59:59"), zones));
        Assert.True(friday.IsOpen(Local(_chicago, "2026-11-27T22:00:00"), zones));
        Assert.True(friday.IsOpen(Local(_chicago, "2026-11-28T01:59:59"), zones));
        Assert.False(friday.IsOpen(Local(_chicago, "2026-11-28T02:00:00"), zones));
        Assert.Equal(
            Local(_chicago, "2026-11-28T02:00:00"), friday.ClosesAt(Local(_chicago, "2026-11-27T23:00:00"), zones));
    }

    [Fact]
    public void A_start_that_is_skipped_opens_at_the_change_and_a_doubled_one_at_its_second_time()
    {
        var spring = new SendingWindow("night", WeekHours.Daily(DayHours.Parse("02:30-05:00")));
        var fall = new SendingWindow("night", WeekHours.Daily(DayHours.Parse("01:30-05:00")));

        Assert.Equal(
            Instant.FromUtc(2027, 3, 14, 8, 0), spring.NextOpen(Instant.FromUtc(2027, 3, 14, 6, 0), [_chicago]));
        Assert.Equal(
            Instant.FromUtc(2026, 11, 1, 7, 30), fall.NextOpen(Instant.FromUtc(2026, 11, 1, 5, 0), [_chicago]));
    }

    [Fact]
    public void An_end_that_is_doubled_closes_at_its_first_time_and_does_not_open_again()
    {
        var window = new SendingWindow("late", WeekHours.Daily(DayHours.Parse("20:00-01:30")));
        var firstHalfPastOne = Instant.FromUtc(2026, 11, 1, 6, 30);

        Assert.Equal(firstHalfPastOne, window.ClosesAt(Instant.FromUtc(2026, 11, 1, 5, 0), [_chicago]));
        Assert.False(window.IsOpen(firstHalfPastOne + Duration.FromMinutes(45), [_chicago]));
    }

    [Fact]
    public void A_window_around_the_clock_has_no_seam_and_no_close()
    {
        var always = new SendingWindow("always", WeekHours.Always);
        var at = Local(_chicago, "2026-10-31T23:00:00");

        Assert.Equal(at + Duration.FromDays(8), always.ClosesAt(at, [_chicago]));
    }

    [Fact]
    public void Half_an_hour_of_change_is_enough_on_Lord_Howe()
    {
        // 2027-04-04 at 02:00 (+11) the clock goes back to 01:30 (+10:30).
        var lordHowe = DateTimeZoneProviders.Tzdb["Australia/Lord_Howe"];
        var window = new SendingWindow("test", WeekHours.Daily(DayHours.Parse("01:45-03:00")));
        var first = Instant.FromUtc(2027, 4, 3, 14, 45);

        Assert.False(window.IsOpen(first, [lordHowe]));
        Assert.Equal(first + Duration.FromMinutes(30), window.NextOpen(first, [lordHowe]));
    }

    private static Instant Local(DateTimeZone zone, string text) =>
        NodaTime.Text.LocalDateTimePattern.GeneralIso.Parse(text).Value.InZoneStrictly(zone).ToInstant();
}
