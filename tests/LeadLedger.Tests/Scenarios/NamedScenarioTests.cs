using LeadLedger.Leads;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Scenarios;

/// <summary>The seven scenarios a buyer checks, over HTTP with signed requests, each named with its ID.</summary>
public sealed class NamedScenarioTests(TestPostgres postgres)
{
    private const string Customer = "+12145557001";

    [Fact]
    public async Task TST_01_one_missed_call_makes_one_lead_one_text_one_alert_and_one_task()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var call = new TestCall(Customer);
        Assert.Contains("<Number", (await app.Twilio.VoiceAsync(call)).Body, StringComparison.Ordinal);
        await app.AdvanceAsync(Duration.FromSeconds(20));
        await app.Twilio.LegAsync(call, "no-answer");
        Assert.Contains("<Record", (await app.Twilio.DialAsync(call, "no-answer")).Body, StringComparison.Ordinal);
        var missedAt = app.Clock.Now;
        await app.AdvanceAsync(Duration.FromSeconds(5));
        await app.Twilio.CallStatusAsync(call, "completed", 25);
        await app.AdvanceAsync(Duration.FromMinutes(10));

        var lead = await app.LeadAsync();
        Assert.Equal(LeadKind.Lead, lead.Kind);
        Assert.Equal("missed call", lead.Source);
        var missed = Assert.Single(await app.FactsAsync<CallMissed>(lead.Id));
        Assert.Equal("no_answer", missed.Reason);

        var text = Assert.Single(app.Texts.To(Customer));
        Assert.Contains("Northside Roofing", text.Body, StringComparison.Ordinal);
        Assert.Equal(TestBusiness.MainLine, text.From);
        Assert.True(lead.AcknowledgedAt - missedAt <= Duration.FromSeconds(60));
        Assert.Equal("permitted", (await app.DecisionAsync(lead.Id)).Outcome);

        Assert.Single(await app.FactsAsync<OwnerAlertRequested>(lead.Id));
        Assert.Single(app.Texts.To("+12145550121"));
        Assert.Single(app.Mail.Mails);
        Assert.True(lead.SmsSent);

        Assert.Single(await app.FactsAsync<TaskOpened>(lead.Id));
        Assert.Equal("dana", lead.Task!.Owner);
        Assert.True(lead.Task.DueAt - missedAt <= Duration.FromMinutes(30));
    }
}
