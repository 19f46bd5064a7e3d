using LeadLedger.EventStore.Outbox;
using LeadLedger.Leads;
using LeadLedger.Sending;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Sending;

/// <summary>A code means the same whether it answers the request or comes in a status callback.</summary>
public sealed class ProviderCodesTests(TestPostgres postgres)
{
    [Theory]
    [InlineData("21610", ProviderCodeClass.OptedOut)]
    [InlineData("21211", ProviderCodeClass.CannotReceive)]
    [InlineData("21614", ProviderCodeClass.CannotReceive)]
    [InlineData("30005", ProviderCodeClass.CannotReceive)]
    [InlineData("30006", ProviderCodeClass.CannotReceive)]
    [InlineData("30003", ProviderCodeClass.UnreachableNow)]
    [InlineData("20003", ProviderCodeClass.Sender)]
    [InlineData("30002", ProviderCodeClass.Sender)]
    [InlineData("30034", ProviderCodeClass.Sender)]
    [InlineData("30450", ProviderCodeClass.Sender)]
    [InlineData("21408", ProviderCodeClass.RegionClosed)]
    [InlineData("21617", ProviderCodeClass.ContentRefused)]
    [InlineData("30007", ProviderCodeClass.ContentRefused)]
    [InlineData("30001", ProviderCodeClass.Transient)]
    [InlineData("30008", ProviderCodeClass.Transient)]
    [InlineData("99999", ProviderCodeClass.Unknown)]
    [InlineData(null, ProviderCodeClass.Unknown)]
    public void Each_code_has_its_class(string? code, ProviderCodeClass expected)
    {
        var row = ProviderCodes.Of(code);

        Assert.Equal((code, expected), (row.Code, row.Class));
        Assert.Equal(expected == ProviderCodeClass.Sender, row.StopsSending);
    }

    [Fact]
    public void Every_row_has_a_sentence_without_its_number_or_a_full_stop() =>
        Assert.All(ProviderCodes.All, row => Assert.Matches("^[a-z][^.]{10,120}[^.]$", row.Sentence));

    [Theory]
    [Trait("Requirement", "ACK-17")]
    [InlineData(21614, true)]
    [InlineData(30006, false)]
    public async Task A_landline_becomes_a_fact_on_the_number_that_the_next_decision_refuses_on(int code, bool atCreate)
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        await FailAsync(app, customer, code, atCreate);
        var lead = await app.LeadAsync();
        var fact = Assert.Single(await app.FactsAsync<NumberUnreachable>(lead.Id));
        Assert.Equal((customer, code.ToString(System.Globalization.CultureInfo.InvariantCulture)), (fact.Value, fact.Code));
        Assert.Contains(fact.Reason, lead.Task!.Note, StringComparison.Ordinal);

        await app.AdvanceAsync(Duration.FromHours(5));
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromMinutes(1));
        Assert.Single(app.Texts.To(customer));
        var decision = await app.DecisionAsync(lead.Id);
        Assert.Equal([ReasonCodes.NumberNotTextable], decision.Codes);
        Assert.Contains(decision.Gates, gate => gate.Input.Contains(fact.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_texts_us_can_be_texted_again()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        await FailAsync(app, customer, 30006, atCreate: false);
        await app.AdvanceAsync(Duration.FromHours(5));
        await app.Twilio.SmsAsync(customer, "Please call me about the roof");
        await app.AdvanceAsync(Duration.FromMinutes(1));

        Assert.Equal(2, app.Texts.To(customer).Count);
    }

    [Theory]
    [Trait("Requirement", "CON-17")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_block_at_the_provider_suppresses_the_number_on_every_lead_that_has_it(bool atCreate)
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        await app.Forms.WebsiteAsync("Peter Novak", customer, "peter@example.com", "Gutter", consent: false);
        await app.Forms.WebsiteAsync("Maria Lopez", customer, "maria@example.com", "Roof", consent: false);
        Assert.Equal(2, (await app.LeadsAsync()).Count);
        await FailAsync(app, customer, 21610, atCreate);

        Assert.All((await app.LeadsAsync()).Where(lead => lead.Phone == customer), lead => Assert.True(lead.OptedOut));
    }

    [Fact]
    public async Task What_the_carrier_did_once_is_no_reason_to_stop()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        await FailAsync(app, customer, 30003, atCreate: false);
        Assert.Empty(await app.FactsAsync<NumberUnreachable>((await app.LeadAsync()).Id));
        await app.AdvanceAsync(Duration.FromHours(5));
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromMinutes(1));

        Assert.Equal(2, app.Texts.To(customer).Count);
    }

    private static async Task FailAsync(TestApp app, string customer, int code, bool atCreate)
    {
        app.Texts.OnlyTo = customer;
        app.Texts.RejectCode = code;
        if (atCreate)
        {
            app.Texts.Next(TwilioMode.Reject);
        }

        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromSeconds(40));
        if (!atCreate)
        {
            await app.Twilio.SmsStatusAsync(Assert.Single(app.Texts.To(customer)), "undelivered", code);
        }
        else
        {
            Assert.Equal(OutboxStates.Rejected, Assert.Single(await app.OutboxAsync("send_sms")).State);
        }
    }
}
