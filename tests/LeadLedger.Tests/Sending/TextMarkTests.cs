using FsCheck;
using FsCheck.Fluent;
using LeadLedger.Calendars;
using LeadLedger.Contacting;
using LeadLedger.Leads;
using LeadLedger.PhoneNumbers;
using LeadLedger.Sending;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Sending;

/// <summary>The last question before a text leaves, asked with values alone.</summary>
public sealed class TextMarkTests
{
    private const string Dallas = "+12145557001";
    private static readonly Instant Morning = TestApp.WednesdayMorning;

    // 18 November 2026, 21:00 in Dallas.
    private static readonly Instant WindowEnd = Instant.FromUtc(2026, 11, 19, 3, 0);

    [Fact]
    [Trait("Requirement", "C-22")]
    public void In_the_morning_it_may_leave_and_be_delivered_until_it_is_no_longer_true() =>
        Assert.Equal(900, Assert.IsType<TextMark.Go>(TextMark.Decide(Case())).ValiditySeconds);

    [Theory]
    [Trait("Requirement", "CON-18")]
    [InlineData("opted out", ReasonCodes.SuppressedNumber)]
    [InlineData("blocked", ReasonCodes.SuppressedByProvider)]
    [InlineData("held", ReasonCodes.OptOutPhraseHeld)]
    [InlineData("withdrawn", ReasonCodes.ConsentWithdrawn)]
    [InlineData("landline", ReasonCodes.NumberNotTextable)]
    [InlineData("unpaid", ReasonCodes.BillingInactive)]
    [InlineData("switched off", ReasonCodes.FollowupDisabled)]
    [InlineData("dealt with", ReasonCodes.TaskClosed)]
    [InlineData("late", ReasonCodes.StaleInquiry)]
    [InlineData("number", ReasonCodes.SmsCapNumber)]
    [InlineData("block", ReasonCodes.SmsCapPrefix)]
    [InlineData("form", ReasonCodes.SmsCapForm)]
    [InlineData("business", ReasonCodes.SmsCapBusiness)]
    [InlineData("night", ReasonCodes.QuietHoursDeferred)]
    public void One_reason_alone_keeps_it_back_and_says_what_would_let_it_go(string what, string code)
    {
        var c = Case();
        var tally = Enumerable.Range(0, 5).Aggregate(SendTally.None, (sum, n) => sum.Add(Morning - Duration.FromMinutes(n)));
        var limits = c.Business.TextLimits with { PrefixPerHour = 5, FormPerDay = 5, FormPerHour = 6, BusinessPerHour = 5, NumberPerHour = 5 };
        c = what switch
        {
            "opted out" => c with { Point = c.Point with { SuppressedSince = Morning, SuppressedBy = "STOP" } },
            "blocked" => c with { Point = c.Point with { SuppressedSince = Morning, SuppressedBy = "21610", BlockedByProvider = true } },
            "held" => c with { Point = c.Point with { Held = true } },
            "withdrawn" => c with
            {
                Point = c.Point with
                {
                    Consents = new Dictionary<string, ConsentState> { [AcknowledgementGates.Purpose] = new("withdrawn", Morning, Guid.Empty, 1) },
                },
            },
            "landline" => c with { Point = c.Point with { NotTextable = "21614" } },
            "unpaid" => c with { Business = c.Business with { Sending = c.Business.Sending with { BillingActive = false } } },
            "switched off" => c with { Business = c.Business with { Sending = c.Business.Sending with { FollowUpEnabled = false } } },
            "dealt with" => c with
            {
                Lead = c.Lead with
                {
                    Task = new CallbackTask
                    {
                        Id = Guid.Empty,
                        Kind = "callback",
                        OpenedAt = Morning,
                        DueAt = Morning,
                        Priority = "normal",
                        ClosedAt = Morning,
                        ClosedBy = "dana",
                    },
                },
            },
            "late" => c with { NotAfter = Morning - Duration.FromSeconds(1) },
            "number" => c with { Business = c.Business with { TextLimits = limits }, Point = c.Point with { Sends = tally } },
            "block" => c with { Business = c.Business with { TextLimits = limits }, Counters = [new("block:+1214555", tally)] },
            "form" => c with { Business = c.Business with { TextLimits = limits }, Counters = [new("form:website", tally)] },
            "business" => c with { Business = c.Business with { TextLimits = limits }, Counters = [new("business", tally)] },
            _ => c with { Now = WindowEnd, NotAfter = WindowEnd + Duration.FromMinutes(15) },
        };

        var withheld = Assert.IsType<TextMark.Withhold>(TextMark.Decide(c));

        Assert.Equal([code], withheld.Codes);
        Assert.StartsWith("It would be sent if ", withheld.Counterfactual, StringComparison.Ordinal);
        Assert.Equal((what == "late", code.StartsWith("sms_cap", StringComparison.Ordinal)), (withheld.Expired, withheld.Capped));
    }

    [Fact]
    [Trait("Requirement", "CON-17")]
    public void The_confirmation_of_an_opt_out_leaves_whatever_the_limits_and_the_suppression_say_until_it_is_late()
    {
        var full = Enumerable.Range(0, 9).Aggregate(SendTally.None, (sum, _) => sum.Add(Morning));
        var c = Case() with
        {
            Text = new SendSms(Guid.Empty, Purposes.OptOutConfirmation, Dallas, TestBusiness.MainLine, "No more texts."),
            Point = ContactPoint.Empty with { SuppressedSince = Morning, SuppressedBy = "STOP", Sends = full },
            NotAfter = Morning + Duration.FromMinutes(5),
        };

        Assert.Equal(300, Assert.IsType<TextMark.Go>(TextMark.Decide(c)).ValiditySeconds);
        Assert.True(Assert.IsType<TextMark.Withhold>(TextMark.Decide(c with { Now = c.NotAfter!.Value })).Expired);
    }

    [Fact]
    public void With_less_than_a_minute_of_the_window_left_it_waits_while_it_stays_true_and_is_kept_back_otherwise()
    {
        var late = Case() with { Now = WindowEnd - Duration.FromSeconds(59), NotAfter = WindowEnd + Duration.FromHours(12) };

        Assert.Equal(WindowEnd + Duration.FromHours(11), Assert.IsType<TextMark.Wait>(TextMark.Decide(late)).Until);
        Assert.Equal(60, Assert.IsType<TextMark.Go>(TextMark.Decide(late with { Now = WindowEnd - Duration.FromSeconds(60) })).ValiditySeconds);
        Assert.Equal([ReasonCodes.QuietHoursDeferred], Assert.IsType<TextMark.Withhold>(
            TextMark.Decide(late with { NotAfter = WindowEnd + Duration.FromMinutes(10) })).Codes);
    }

    [Fact]
    public void Whenever_it_leaves_it_cannot_be_delivered_outside_the_window_nor_when_it_is_no_longer_true()
    {
        string[] numbers = [Dallas, "+12125550123", "+18005550123", "+19075550123", "+18085550123"];
        var cases =
            from number in Gen.Elements(numbers)
            from minute in Gen.Choose(0, 60 * 24 * 365)
            from second in Gen.Choose(0, 59)
            from truth in Gen.Choose(1, 60 * 60 * 14)
            select (number, now: Morning + Duration.FromMinutes(minute) + Duration.FromSeconds(second), truth: Duration.FromSeconds(truth));
        var window = Case().Business.Sending.Acknowledgement;

        Prop.ForAll(cases.ToArbitrary(), each =>
        {
            var c = Case() with
            {
                Text = new SendSms(Guid.Empty, Purposes.Acknowledgement, each.number, TestBusiness.MainLine, "Hello."),
                Now = each.now,
                NotAfter = each.now + each.truth,
            };
            var number = PhoneNumber.FromE164(each.number);
            var zones = CandidateZones.Of(number.TimeZones, null, c.Business.Zone, number.Region ?? c.Business.Region);
            return TextMark.Decide(c) switch
            {
                TextMark.Go go => go.ValiditySeconds is > 0 and <= 36_000
                    && each.now + Duration.FromSeconds(go.ValiditySeconds) <= c.NotAfter
                    && Enumerable.Range(0, go.ValiditySeconds / 60 + 1).All(m => window.IsOpen(each.now + Duration.FromMinutes(m), zones) || m * 60 == go.ValiditySeconds)
                    && window.IsOpen(each.now + Duration.FromSeconds(go.ValiditySeconds) - Duration.Epsilon, zones),
                TextMark.Wait wait => wait.Until > each.now && wait.Until <= c.NotAfter && window.IsOpen(wait.Until, zones),
                TextMark.Withhold withheld => withheld.Codes.Count > 0,
                _ => false,
            };
        }).QuickCheckThrowOnFailure();
    }

    private static TextMarkCase Case()
    {
        var call = Given.Call(Morning, Dallas);
        return new TextMarkCase
        {
            Business = Given.Business(),
            Lead = Given.Lead(Morning, call),
            Text = new SendSms(Guid.Empty, Purposes.Acknowledgement, Dallas, TestBusiness.MainLine, "We missed your call."),
            Point = ContactPoint.Empty,
            NotAfter = Morning + Duration.FromMinutes(15),
            Now = Morning,
        };
    }
}
