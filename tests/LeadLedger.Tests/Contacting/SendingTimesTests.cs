using LeadLedger.Leads;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Contacting;

/// <summary>Evenings, nights and unpaid bills, over HTTP.</summary>
public sealed class SendingTimesTests(TestPostgres postgres)
{
    private static readonly Instant At2245 = Instant.FromUtc(2026, 11, 19, 4, 45);

    [Fact]
    [Trait("Requirement", "CON-09")]
    public async Task A_call_at_22_45_is_deferred_decided_again_at_the_opening_and_no_breach()
    {
        await using var app = await TestApp.StartAsync(postgres, At2245, []);
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        var lead = await app.LeadAsync();
        var deferred = await app.DecisionAsync(lead.Id);
        var opening = Instant.FromUtc(2026, 11, 19, 14, 0);
        Assert.Equal(("deferred", opening), (deferred.Outcome, deferred.SendAfter));
        await app.AdvanceAsync(opening - app.Clock.Now - Duration.FromSeconds(1));
        Assert.Empty(app.Texts.To(customer));
        await app.AdvanceAsync(Duration.FromSeconds(1));
        Assert.Single(app.Texts.To(customer));
        Assert.Equal(deferred.Decision, (await app.DecisionAsync(lead.Id)).Supersedes);
        Assert.Equal(opening, (await app.LeadAsync()).AcknowledgedAt);
        Assert.Empty(await app.FactsAsync<AckSlaBreached>(lead.Id));
    }

    [Fact]
    [Trait("Requirement", "CON-09")]
    public async Task An_opt_out_during_the_night_is_seen_when_the_deferred_text_is_decided_again()
    {
        await using var app = await TestApp.StartAsync(postgres, At2245, []);
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromHours(2));
        await app.Twilio.SmsAsync(customer, "STOP", optOutType: "STOP");
        await app.AdvanceAsync(Duration.FromHours(10));
        Assert.Empty(app.Texts.To(customer));
        Assert.Equal("denied", (await app.DecisionAsync((await app.LeadAsync()).Id)).Outcome);
    }

    [Fact]
    [Trait("Requirement", "C-26")]
    public async Task In_the_evening_the_text_leaves_and_speaks_of_the_next_business_day()
    {
        await using var app = await TestApp.StartAsync(postgres, Instant.FromUtc(2026, 11, 19, 1, 30), []);
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromSeconds(30));
        Assert.Contains("tomorrow", Assert.Single(app.Texts.To(customer)).Body, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Instant.FromUtc(2026, 11, 19, 14, 30), (await app.LeadAsync()).Task!.DueAt);
    }

    [Fact]
    [Trait("Requirement", "C-33")]
    public async Task Unpaid_bills_stop_texts_but_no_lead_no_mail_and_no_opt_out()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.Northside(file => file["sending"]!["billingActive"] = false));
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.Twilio.SmsAsync(customer, "STOP", optOutType: "STOP");
        await app.AdvanceAsync(Duration.FromMinutes(5));
        var lead = await app.LeadAsync();
        Assert.Empty(app.Texts.Requests);
        Assert.Single(app.Mail.Mails, mail => mail.To == "dana@northside.example");
        Assert.True(lead.OptedOut && lead.HasOpenTask);
    }

    [Fact]
    [Trait("Requirement", "CON-07")]
    public async Task A_used_up_quota_denies_the_next_text()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.Northside(file => file["sending"]!["conversationQuota"] = 1));
        string[] customers = [People.Next(), People.Next()];
        foreach (var customer in customers)
        {
            await app.Twilio.MissedCallAsync(new TestCall(customer));
            await app.AdvanceAsync(Duration.FromSeconds(30));
        }

        Assert.Single(app.Texts.To(customers[0]));
        Assert.Empty(app.Texts.To(customers[1]));
        Assert.Equal([ReasonCodes.QuotaExhausted], (await app.DecisionAsync((await app.LeadOfAsync(customers[1])).Id)).Codes);
    }
}
