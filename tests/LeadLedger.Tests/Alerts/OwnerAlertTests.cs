using LeadLedger.EventStore.Outbox;
using LeadLedger.Leads;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Alerts;

/// <summary>Who is told of a lead, how, and what happens when that fails.</summary>
public sealed class OwnerAlertTests(TestPostgres postgres)
{
    private const string Dana = "+12145550121";
    private const string Luis = "+12145550122";

    [Fact]
    [Trait("Requirement", "OWN-01")]
    public async Task Only_the_routed_owner_is_told()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall(People.Next(), TestBusiness.StormLine));
        await app.AdvanceAsync(Duration.FromSeconds(30));
        Assert.Single(app.Texts.To(Luis));
        Assert.Empty(app.Texts.To(Dana));
        Assert.Empty(app.Mail.Mails);
    }

    [Fact]
    [Trait("Requirement", "OWN-07")]
    public async Task The_alert_holds_what_is_needed_to_act()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        await app.Forms.PostAsync("website", new
        {
            id = "a1",
            name = "Maria Lopez",
            phone = customer,
            message = new string('x', 900),
            service = "Roof repair",
            page = "https://northside.example/storm",
            sms_consent = "yes",
        });
        await app.AdvanceAsync(Duration.FromSeconds(30));
        var text = Assert.Single(app.Texts.To(Dana)).Body;
        Assert.Contains("Maria Lopez", text, StringComparison.Ordinal);
        Assert.Contains(customer, text, StringComparison.Ordinal);
        Assert.Contains("northside.example/storm", text, StringComparison.Ordinal);
        Assert.True(text.Length <= 3 * 153, $"{text.Length} characters");
        var mail = Assert.Single(app.Mail.Mails);
        Assert.Equal("dana@northside.example", mail.To);
    }

    [Fact]
    [Trait("Requirement", "OWN-03")]
    public async Task When_texts_fail_the_lead_is_there_the_alert_is_retried_and_mail_takes_over()
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Texts.Mode = TwilioMode.TooManyRequests;
        await app.Twilio.MissedCallAsync(new TestCall(People.Next(), TestBusiness.StormLine));
        await app.AdvanceAsync(Duration.FromSeconds(10));
        Assert.Equal("luis@northside.example", Assert.Single(app.Mail.Mails).To);
        Assert.False((await app.LeadAsync()).SmsSent);
        app.Texts.Mode = TwilioMode.Ok;
        await app.AdvanceAsync(Duration.FromMinutes(1));
        Assert.True((await app.LeadAsync()).SmsSent);
        Assert.Single(app.Mail.Mails);
        Assert.Equal(2, app.Texts.To(Luis).Count);
    }

    [Fact]
    [Trait("Requirement", "OWN-03")]
    public async Task A_mail_server_that_refuses_leaves_the_alert_to_a_person_and_the_lead_whole()
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Mail.RecipientAnswer = 550;
        await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        await app.AdvanceAsync(Duration.FromMinutes(1));
        Assert.Equal(OutboxStates.Parked, Assert.Single(await app.OutboxAsync("alert_email")).State);
        Assert.True((await app.LeadAsync()).HasOpenTask);
    }

    [Fact]
    [Trait("Requirement", "OWN-11")]
    public async Task A_withheld_caller_is_alerted_without_a_call_link()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall("anonymous"));
        await app.AdvanceAsync(Duration.FromSeconds(30));
        var text = Assert.Single(app.Texts.To(Dana)).Body;
        Assert.Contains("withheld", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("tel:", text, StringComparison.Ordinal);
        Assert.Contains($"{TestApp.PublicBase}/m/", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "CON-06")]
    public async Task Without_consent_the_person_is_not_texted_and_the_owner_is_alerted()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        var lead = (await app.Forms.WebsiteAsync("Maria Lopez", customer, null, "Roof", consent: false)).Lead;
        await app.AdvanceAsync(Duration.FromSeconds(30));
        Assert.Empty(app.Texts.To(customer));
        Assert.Single(app.Texts.To(Dana));
        Assert.Equal([ReasonCodes.NoSmsConsentOnForm], (await app.DecisionAsync(lead)).Codes);
        Assert.Equal("permitted", (await app.DecisionAsync(lead, Purposes.OwnerAlert)).Outcome);
    }

    [Fact]
    [Trait("Requirement", "RTE-08")]
    public async Task Urgent_words_raise_the_task_and_stand_in_the_alert()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Forms.WebsiteAsync("Maria Lopez", People.Next(), null, "Water coming in over the bed!");
        await app.AdvanceAsync(Duration.FromSeconds(30));
        var lead = await app.LeadAsync();
        Assert.Equal("high", lead.Task!.Priority);
        Assert.Equal(["water coming in"], lead.UrgentWords);
        Assert.Contains("water coming in", Assert.Single(app.Texts.To(Dana)).Body, StringComparison.Ordinal);
    }
}
