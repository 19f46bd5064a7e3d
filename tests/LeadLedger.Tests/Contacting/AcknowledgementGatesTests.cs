using LeadLedger.Contacting;
using LeadLedger.EventStore;
using LeadLedger.Leads;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Contacting;

/// <summary>Each gate flipped alone, from an inquiry that everything permits.</summary>
public sealed class AcknowledgementGatesTests
{
    private static readonly Instant Now = TestApp.WednesdayMorning;

    [Fact]
    [Trait("Requirement", "CON-02")]
    public void With_every_gate_open_it_is_permitted_and_every_gate_is_listed()
    {
        var outcome = Decide();
        Assert.Equal(("permitted", Now, Now), (outcome.Outcome, outcome.EarliestPermitted, outcome.PermittedAt));
        Assert.Equal([ReasonCodes.Permitted], outcome.Codes);
        Assert.Superset(
            new HashSet<string> { "number", "suppression", "consent", "prior_acknowledgement", "follow_up", "billing", "quota", "sending_window" },
            outcome.Gates.Select(gate => gate.Gate).ToHashSet());
        Assert.All(outcome.Gates, gate => Assert.True(gate.Passed && gate.Input.Length > 0));
        Assert.Null(outcome.Counterfactual);
    }

    [Theory]
    [Trait("Requirement", "CON-07")]
    [InlineData("opted out", ReasonCodes.SuppressedNumber)]
    [InlineData("blocked by the provider", ReasonCodes.SuppressedByProvider)]
    [InlineData("possible opt-out", ReasonCodes.OptOutPhraseHeld)]
    [InlineData("consent withdrawn", ReasonCodes.ConsentWithdrawn)]
    [InlineData("not textable", ReasonCodes.NumberNotTextable)]
    [InlineData("acknowledged", ReasonCodes.AlreadyAcknowledged)]
    [InlineData("withheld", ReasonCodes.NumberWithheld)]
    [InlineData("no number", ReasonCodes.NumberMissing)]
    [InlineData("abroad", ReasonCodes.NumberNotTextable)]
    [InlineData("follow-up off", ReasonCodes.FollowupDisabled)]
    [InlineData("unpaid", ReasonCodes.BillingInactive)]
    [InlineData("quota used", ReasonCodes.QuotaExhausted)]
    [InlineData("short ring", ReasonCodes.SuspectedHangup)]
    [InlineData("listed", ReasonCodes.SpamListed)]
    [InlineData("scored", ReasonCodes.SpamScore)]
    [InlineData("late", ReasonCodes.StaleInquiry)]
    [InlineData("no consent on form", ReasonCodes.NoSmsConsentOnForm)]
    [InlineData("box not ticked", ReasonCodes.NoSmsConsentOnForm)]
    [InlineData("other purpose", ReasonCodes.PurposeNotCovered)]
    [InlineData("template off", ReasonCodes.TemplateBlocked)]
    public void One_gate_closed_alone_denies_with_its_own_code(string gate, string code)
    {
        var outcome = Decide(c => gate switch
        {
            "opted out" => c with { ContactPoint = ContactPoint.Empty with { SuppressedSince = Now, SuppressedBy = "STOP" } },
            "blocked by the provider" => c with { ContactPoint = ContactPoint.Empty with { SuppressedSince = Now, SuppressedBy = "21610", BlockedByProvider = true } },
            "possible opt-out" => c with { ContactPoint = ContactPoint.Empty with { Held = true } },
            "consent withdrawn" => c with
            {
                ContactPoint = ContactPoint.Empty with
                {
                    Consents = new Dictionary<string, ConsentState>
                    {
                        [AcknowledgementGates.Purpose] = new("withdrawn", Now, Guid.Empty, 1),
                    },
                },
            },
            "not textable" => c with { ContactPoint = ContactPoint.Empty with { NotTextable = "30006" } },
            "acknowledged" => c with { ContactPoint = ContactPoint.Empty with { LastAcknowledgedAt = Now - Duration.FromHours(1), LastAcknowledgement = Now.NewId() } },
            "withheld" => c with { Inquiry = Given.Call(Now, null) with { Withheld = true } },
            "no number" => c with { Inquiry = Given.Call(Now, null) },
            "abroad" => c with { Inquiry = Given.Call(Now, "+442079460123") },
            "follow-up off" => c with { Business = Given.Business(f => f["sending"]!["followUpEnabled"] = false) },
            "unpaid" => c with { Business = Given.Business(f => f["sending"]!["billingActive"] = false) },
            "quota used" => c with { Business = Given.Business(f => f["sending"]!["conversationQuota"] = 5), QuotaUsed = 5 },
            "short ring" => c with { Inquiry = Given.Call(Now) with { RingSeconds = 4 } },
            "listed" => c with { Inquiry = Given.Call(Now, "+12145559999") },
            "scored" => c with { Inquiry = Given.Call(Now) with { SpamScore = 81 } },
            "late" => c with { Inquiry = Given.Call(Now - Duration.FromMinutes(16)) },
            "no consent on form" => c with { Inquiry = Given.Form(Now, consent: null) },
            "box not ticked" => c with { Inquiry = Given.Form(Now, consent: false) },
            "other purpose" => c with { Inquiry = Given.Form(Now, purposes: "marketing") },
            _ => c with { Template = c.Template with { Enabled = false } },
        });
        Assert.Equal("denied", outcome.Outcome);
        Assert.Equal([code], outcome.Codes);
        Assert.Single(outcome.Gates, check => !check.Passed);
        Assert.StartsWith("It would be sent if ", outcome.Counterfactual, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "CON-02")]
    public void A_failed_gate_does_not_hide_the_others()
    {
        var outcome = Decide(c => c with
        {
            Business = Given.Business(f => f["sending"]!["billingActive"] = false),
            ContactPoint = ContactPoint.Empty with { SuppressedSince = Now, SuppressedBy = "STOP" },
            Inquiry = Given.Form(Now, consent: false),
        });
        Assert.Equal([ReasonCodes.SuppressedNumber, ReasonCodes.NoSmsConsentOnForm, ReasonCodes.BillingInactive], outcome.Codes);
    }

    [Theory]
    [Trait("Requirement", "MRG-10")]
    [InlineData(239, "denied")]
    [InlineData(240, "permitted")]
    [InlineData(241, "permitted")]
    public void The_repeat_window_is_four_hours(int minutesAgo, string expected) => Assert.Equal(expected, Decide(c => c with
    {
        ContactPoint = ContactPoint.Empty with { LastAcknowledgedAt = Now - Duration.FromMinutes(minutesAgo), LastAcknowledgement = Now.NewId() },
    }).Outcome);

    [Theory]
    [Trait("Requirement", "CON-10")]
    [InlineData("07:59:59", "deferred", "08:00:00")]
    [InlineData("08:00:00", "permitted", null)]
    [InlineData("20:59:59", "permitted", null)]
    [InlineData("21:00:00", "deferred", "08:00:00")]
    [InlineData("22:45:00", "deferred", "08:00:00")]
    public void The_window_is_the_recipients_eight_to_nine(string local, string outcome, string? opens)
    {
        var now = At(local, "America/Chicago");
        var decided = Decide(c => c with { Now = now, Inquiry = Given.Call(now) });
        Assert.Equal(outcome, decided.Outcome);
        Assert.Equal(opens, decided.SendAfter?.InZone(Zone("America/Chicago")).TimeOfDay.ToString("HH':'mm':'ss", null));
        Assert.Equal(decided.SendAfter ?? now, decided.PermittedAt);
    }

    [Fact]
    [Trait("Requirement", "CON-10")]
    public void Every_zone_the_number_may_be_in_must_be_open()
    {
        // El Paso's 915 is in Mountain time; 08:30 in Chicago is 07:30 there. An Indiana 812 number may be in either of two zones.
        var now = At("08:30:00", "America/Chicago");
        Assert.Equal("deferred", Decide(c => c with { Now = now, Inquiry = Given.Call(now, "+19155557001") }).Outcome);
        Assert.Equal("permitted", Decide(c => c with { Now = now, Inquiry = Given.Call(now, "+12145557001") }).Outcome);
    }

    [Fact]
    [Trait("Requirement", "C-10")]
    public void The_early_morning_profile_opens_at_seven()
    {
        var now = At("07:30:00", "America/Chicago");
        Assert.Equal("deferred", Decide(c => c with { Now = now, Inquiry = Given.Call(now) }).Outcome);
        Assert.Equal("permitted", Decide(c => c with
        {
            Now = now,
            Inquiry = Given.Call(now),
            Business = Given.Business(f => f["sending"]!["acknowledgement"] = "early_morning"),
        }).Outcome);
    }

    [Fact]
    [Trait("Requirement", "CON-09")]
    public void A_closed_window_beside_another_refusal_denies_and_does_not_defer()
    {
        var now = At("22:45:00", "America/Chicago");
        var outcome = Decide(c => c with
        {
            Now = now,
            Inquiry = Given.Call(now),
            ContactPoint = ContactPoint.Empty with { SuppressedSince = now, SuppressedBy = "STOP" },
        });
        Assert.Equal(("denied", null), (outcome.Outcome, outcome.SendAfter));
    }

    private static Instant At(string local, string zone) =>
        (new LocalDate(2026, 11, 18) + NodaTime.Text.LocalTimePattern.ExtendedIso.Parse(local).Value).InZoneStrictly(Zone(zone)).ToInstant();

    private static DateTimeZone Zone(string id) => DateTimeZoneProviders.Tzdb[id];

    private static GateOutcome Decide(Func<AcknowledgementCase, AcknowledgementCase>? change = null)
    {
        var business = Given.Business();
        var inquiry = Given.Call(Now);
        var given = new AcknowledgementCase
        {
            Business = business,
            Lead = Given.Lead(Now, inquiry),
            Inquiry = inquiry,
            ContactPoint = ContactPoint.Empty,
            Template = business.Templates["ack-default"],
            Now = Now,
        };
        return AcknowledgementGates.Decide(change is null ? given : change(given));
    }
}
