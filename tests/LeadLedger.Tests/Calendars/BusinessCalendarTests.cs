using FsCheck;
using FsCheck.Fluent;
using LeadLedger.Calendars;
using NodaTime;

namespace LeadLedger.Tests.Calendars;

public sealed class BusinessCalendarTests
{
    private static readonly DateTimeZone _chicago = DateTimeZoneProviders.Tzdb["America/Chicago"];
    private static readonly DayHours _day = DayHours.Parse("08:00-17:00");

    /// <summary>
    /// Monday to Friday 08:00-12:00 and 13:00-17:00, Saturday 09:00-12:00; Thanksgiving closed, the day after short.
    /// </summary>
    private static readonly BusinessCalendar _office = new(_chicago)
    {
        Hours = WeekHours.Daily(DayHours.Parse("13:00-17:00"), DayHours.Parse("08:00-12:00"))
            .With(IsoDayOfWeek.Saturday, DayHours.Parse("09:00-12:00"))
            .With(IsoDayOfWeek.Sunday),
        Holidays =
        [
            new Holiday(new LocalDate(2026, 11, 26), "Thanksgiving"),
            new Holiday(new LocalDate(2026, 11, 27), "Day after"),
        ],
        SpecialDays = [new SpecialDay(new LocalDate(2026, 11, 27), [DayHours.Parse("10:00-14:00")])],
    };

    [Theory]
    [InlineData("2026-11-25T07:59:59", false)]
    [InlineData("2026-11-25T08:00:00", true)]
    [InlineData("2026-11-25T11:59:59", true)]
    [InlineData("2026-11-25T12:00:00", false)]
    [InlineData("2026-11-25T13:00:00", true)]
    [InlineData("2026-11-25T17:00:00", false)]
    [InlineData("2026-11-26T10:00:00", false)]
    [InlineData("2026-11-27T09:59:59", false)]
    [InlineData("2026-11-27T10:00:00", true)]
    [InlineData("2026-11-27T14:00:00", false)]
    [InlineData("2026-11-28T10:00:00", true)]
    [InlineData("2026-11-29T10:00:00", false)]
    [Trait("Requirement", "CON-12")]
    public void Hours_holidays_and_special_days_decide(string local, bool open) =>
        Assert.Equal(open, _office.IsOpen(Local(local)));

    [Fact]
    [Trait("Requirement", "TSK-02")]
    public void A_callback_is_due_in_thirty_minutes_of_open_time()
    {
        var half = Duration.FromMinutes(30);

        Assert.Equal(Local("2026-11-25T10:30:00"), _office.AddOpenTime(Local("2026-11-25T10:00:00"), half));
        Assert.Equal(Local("2026-11-25T13:15:00"), _office.AddOpenTime(Local("2026-11-25T11:45:00"), half));
        Assert.Equal(Local("2026-11-25T12:00:00"), _office.AddOpenTime(Local("2026-11-25T11:30:00"), half));
        Assert.Equal(Local("2026-11-25T08:30:00"), _office.AddOpenTime(Local("2026-11-25T03:00:00"), half));
        Assert.Equal(Local("2026-11-27T10:30:00"), _office.AddOpenTime(Local("2026-11-25T18:00:00"), half));
        Assert.Equal(Local("2026-11-30T08:30:00"), _office.AddOpenTime(Local("2026-11-28T12:00:00"), half));
    }

    [Fact]
    [Trait("Requirement", "C-17")]
    public void The_ladder_climbs_in_business_time()
    {
        var at = Local("2026-11-25T16:00:00");

        Assert.Equal(Local("2026-11-27T11:00:00"), _office.AddOpenTime(at, Duration.FromHours(2)));
        Assert.Equal(Local("2026-12-01T17:00:00"), _office.AddOpenTime(at, Duration.FromHours(1 + 4 + 3 + 8 + 8)));
    }

    [Fact]
    public void Adding_no_time_moves_nothing_and_a_negative_time_is_refused()
    {
        var closed = Local("2026-11-25T03:00:00");

        Assert.Equal(closed, _office.AddOpenTime(closed, Duration.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => _office.AddOpenTime(closed, Duration.FromMinutes(-1)));
    }

    [Fact]
    public void A_business_that_never_opens_counts_plain_time()
    {
        var never = new BusinessCalendar(_chicago);
        var at = Local("2026-11-25T10:00:00");

        Assert.False(never.IsOpen(at));
        Assert.Null(never.NextOpen(at));
        Assert.Null(never.NextOpening(at));
        Assert.Equal(at + Duration.FromMinutes(30), never.AddOpenTime(at, Duration.FromMinutes(30)));
        Assert.Equal(Duration.Zero, never.OpenTimeBetween(at, at + Duration.FromDays(30)));
    }

    [Fact]
    public void Time_left_after_the_last_opening_counts_plain()
    {
        var once = new BusinessCalendar(_chicago)
        {
            SpecialDays = [new SpecialDay(new LocalDate(2026, 11, 27), [DayHours.Parse("10:00-11:00")])],
        };

        Assert.Equal(
            Local("2026-11-27T12:00:00"), once.AddOpenTime(Local("2026-11-25T10:00:00"), Duration.FromHours(2)));
    }

    [Fact]
    public void A_seasonal_business_opens_months_later()
    {
        var seasonal = new BusinessCalendar(_chicago)
        {
            SpecialDays = [new SpecialDay(new LocalDate(2027, 10, 1), [_day])],
        };

        Assert.Equal(Local("2027-10-01T08:00:00"), seasonal.NextOpen(Local("2026-11-25T10:00:00")));
        Assert.Null(seasonal.NextOpen(Local("2026-09-01T10:00:00")));
    }

    [Fact]
    public void Around_the_clock_is_open_at_every_midnight_and_never_closes()
    {
        var always = new BusinessCalendar(DateTimeZoneProviders.Tzdb["America/Havana"]) { Hours = WeekHours.Always };
        var at = Instant.FromUtc(2026, 10, 31, 12, 0);

        Assert.Null(always.ClosesAt(at));
        Assert.Equal(Duration.FromDays(2), always.OpenTimeBetween(at, at + Duration.FromDays(2)));
        Assert.Equal(at + Duration.FromDays(1000), always.AddOpenTime(at, Duration.FromDays(1000)));
    }

    [Fact]
    public void A_holiday_cuts_round_the_clock_hours_short_and_Friday_night_runs_on()
    {
        var bar = new BusinessCalendar(_chicago)
        {
            Hours = WeekHours.Daily(DayHours.Parse("18:00-02:00")),
            Holidays = [new Holiday(new LocalDate(2026, 11, 28), "Closed Saturday")],
        };

        Assert.True(bar.IsOpen(Local("2026-11-28T01:00:00")));
        Assert.Equal(Local("2026-11-28T02:00:00"), bar.ClosesAt(Local("2026-11-27T19:00:00")));
        Assert.Equal(Local("2026-11-29T18:00:00"), bar.NextOpen(Local("2026-11-28T02:00:00")));
    }

    [Fact]
    [Trait("Requirement", "C-26")]
    public void The_status_tells_wording_what_the_business_clock_says()
    {
        var evening = _office.StatusAt(Local("2026-11-25T19:30:00"));
        Assert.Equal(
            new OpeningStatus(
                new LocalDateTime(2026, 11, 25, 19, 30), false, new LocalDateTime(2026, 11, 27, 10, 0), null, null),
            evening);

        var morning = _office.StatusAt(Local("2026-11-25T09:00:00"));
        Assert.Equal(
            new OpeningStatus(
                new LocalDateTime(2026, 11, 25, 9, 0),
                true,
                new LocalDateTime(2026, 11, 25, 9, 0),
                new LocalDateTime(2026, 11, 25, 12, 0),
                null),
            morning);

        Assert.Equal("Thanksgiving", _office.StatusAt(Local("2026-11-26T09:00:00")).Holiday);
        Assert.Null(_office.HolidayOn(new LocalDate(2026, 11, 27)));
        Assert.Equal(new LocalDateTime(2026, 11, 27, 10, 0), _office.NextOpening(Local("2026-11-26T09:00:00")));
    }

    [Theory]
    [InlineData("2027-03-14T00:30:00", "2027-03-14T04:30:00", 3 * 60)]
    [InlineData("2026-11-01T00:30:00", "2026-11-01T04:30:00", 5 * 60)]
    public void Open_time_is_elapsed_time_on_the_day_of_a_clock_change(string from, string to, int minutes)
    {
        var always = new BusinessCalendar(_chicago) { Hours = WeekHours.Always };

        Assert.Equal(Duration.FromMinutes(minutes), always.OpenTimeBetween(Local(from), Local(to)));
        Assert.Equal(Local(to), always.AddOpenTime(Local(from), Duration.FromMinutes(minutes)));
    }

    [Fact]
    public void Adding_open_time_and_measuring_it_agree()
    {
        var start = Instant.FromUtc(2026, 3, 1, 0, 0);
        Prop.ForAll(
            Gen.Choose(0, 400 * 24 * 60).Two().ToArbitrary(),
            minutes =>
            {
                var from = start + Duration.FromMinutes(minutes.Item1);
                var time = Duration.FromMinutes(minutes.Item2 % 20_000);
                var to = _office.AddOpenTime(from, time);
                var withoutTheLastMoment = _office.OpenTimeBetween(from, to - Duration.Epsilon);
                return _office.OpenTimeBetween(from, to) == time
                    && (time == Duration.Zero || withoutTheLastMoment < time);
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_next_opening_is_open_and_nothing_before_it_is()
    {
        var start = Instant.FromUtc(2026, 3, 1, 0, 0);
        Prop.ForAll(
            Gen.Choose(0, 400 * 24 * 60).ToArbitrary(),
            minute =>
            {
                var at = start + Duration.FromMinutes(minute);
                var next = _office.NextOpen(at)!.Value;
                return _office.IsOpen(next) && _office.OpenTimeBetween(at, next) == Duration.Zero
                    && _office.IsOpen(at) == (next == at);
            }).QuickCheckThrowOnFailure();
    }

    private static Instant Local(string text) =>
        NodaTime.Text.LocalDateTimePattern.GeneralIso.Parse(text).Value.InZoneStrictly(_chicago).ToInstant();
}
