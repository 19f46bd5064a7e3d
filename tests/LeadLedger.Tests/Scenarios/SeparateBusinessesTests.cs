using LeadLedger.Leads;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Scenarios;

/// <summary>Two businesses in one service, on one Twilio account, know nothing of each other.</summary>
public sealed class SeparateBusinessesTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "C-31")]
    public async Task The_number_called_decides_whose_lead_it_is_and_an_opt_out_stays_with_its_business()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.Northside(), TestBusiness.Lakeside());
        var customer = People.Next();
        await app.Twilio.SmsAsync(customer, "STOP", optOutType: "STOP");
        await app.Twilio.MissedCallAsync(new TestCall(customer, "+12145550200"));
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromMinutes(1));

        var text = Assert.Single(app.Texts.To(customer));
        Assert.Equal("+12145550200", text.From);
        Assert.Contains("Lakeside Roofing", text.Body, StringComparison.Ordinal);
        Assert.False((await app.LeadOfAsync(customer, "lakeside")).OptedOut);
        Assert.True((await app.LeadOfAsync(customer)).OptedOut);
    }

    [Fact]
    [Trait("Requirement", "ACK-16")]
    public async Task The_refusal_of_a_second_text_names_the_first()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromMinutes(1));
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        var lead = await app.LeadAsync();
        var gate = (await app.DecisionAsync(lead.Id)).Gates.Single(check => check.Gate == "prior_acknowledgement");
        Assert.Equal(ReasonCodes.AlreadyAcknowledged, gate.Code);
        Assert.Contains(lead.Messages[0].Id.ToString(), gate.Input, StringComparison.Ordinal);
    }
}
