using LeadLedger.Leads;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Contacting;

/// <summary>STOP, START, YES and their relatives, as texts that people send.</summary>
public sealed class OptOutTests(SharedApp shared) : IClassFixture<SharedApp>
{
    private TestApp App => shared.App;

    [Theory]
    [Trait("Requirement", "C-31")]
    [InlineData("STOP")]
    [InlineData("stop")]
    [InlineData("  Stop! ")]
    [InlineData("UNSUBSCRIBE")]
    public async Task An_opt_out_word_in_any_spelling_suppresses_the_number_for_every_line(string word)
    {
        var customer = People.Next();
        await App.Twilio.SmsAsync(customer, word, optOutType: "STOP");
        await App.Twilio.MissedCallAsync(new TestCall(customer, TestBusiness.StormLine));
        await App.Twilio.CallStatusAsync(new TestCall(customer, TestBusiness.StatusLine), "no-answer", 0);
        await App.AdvanceAsync(Duration.FromSeconds(30));
        Assert.Empty(App.Texts.To(customer));
        Assert.True((await App.LeadOfAsync(customer)).OptedOut);
    }

    [Theory]
    [Trait("Requirement", "C-09")]
    [InlineData(false, "YES", 1)]
    [InlineData(true, "YES", 0)]
    [InlineData(true, "START", 1)]
    [InlineData(true, "UNSTOP", 1)]
    [InlineData(false, "START", 1)]
    public async Task Yes_lifts_nothing_and_START_does(bool suppressed, string word, int texts)
    {
        var customer = People.Next();
        if (suppressed)
        {
            await App.Twilio.SmsAsync(customer, "STOP", optOutType: "STOP");
        }

        await App.Twilio.SmsAsync(customer, word);
        await App.Twilio.MissedCallAsync(new TestCall(customer));
        await App.AdvanceAsync(Duration.FromSeconds(30));
        Assert.Equal(texts, App.Texts.To(customer).Count);
        Assert.Equal(suppressed && texts == 0, (await App.LeadOfAsync(customer)).OptedOut);
    }

    [Fact]
    [Trait("Requirement", "C-31")]
    public async Task A_later_form_with_a_ticked_box_does_not_reopen_by_itself()
    {
        var customer = People.Next();
        await App.Twilio.SmsAsync(customer, "STOP", optOutType: "STOP");
        var lead = (await App.Forms.WebsiteAsync("Maria Lopez", customer, "maria@example.com", "Roof", consent: true)).Lead;
        await App.AdvanceAsync(Duration.FromSeconds(30));
        Assert.Empty(App.Texts.To(customer));
        Assert.Equal("denied", (await App.DecisionAsync(lead)).Outcome);
    }

    [Theory]
    [Trait("Requirement", "C-32")]
    [InlineData("CANCEL", 0)]
    [InlineData("END", 0)]
    [InlineData("QUIT", 0)]
    [InlineData("Cancel please", 1)]
    [InlineData("Cancelar", 1)]
    public async Task A_word_that_may_mean_the_appointment_suppresses_and_asks_a_person(string word, int confirmations)
    {
        var customer = People.Next();
        await App.Twilio.SmsAsync(customer, word);
        await App.AdvanceAsync(Duration.FromSeconds(30));
        var lead = await App.LeadOfAsync(customer);
        Assert.True(lead.OptedOut);

        // The provider confirms the words it knows by itself; a second confirmation would be one too many.
        Assert.Equal(confirmations, App.Texts.To(customer).Count);
        Assert.All(App.Texts.To(customer), text => Assert.Contains("Northside Roofing", text.Body, StringComparison.Ordinal));
        Assert.Equal("check", Assert.Single(await App.FactsAsync<TaskOpened>(lead.Id)).TaskKind);
        Assert.Contains("appointment", lead.Task!.Note, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "ING-43")]
    public async Task A_bare_opt_out_opens_a_record_that_is_no_lead_and_no_work()
    {
        var customer = People.Next();
        await App.Twilio.SmsAsync(customer, "STOP", optOutType: "STOP");
        var lead = await App.LeadOfAsync(customer);
        Assert.Equal((LeadKind.ContactOnly, null), (lead.Kind, lead.Task));
        await App.Twilio.MissedCallAsync(new TestCall(customer));
        Assert.Equal(LeadKind.Lead, (await App.LeadOfAsync(customer)).Kind);
    }

    [Fact]
    [Trait("Requirement", "ACK-19")]
    public async Task A_reply_to_our_text_is_offered_as_a_correction()
    {
        var customer = People.Next();
        await App.Twilio.MissedCallAsync(new TestCall(customer) { CallerName = "LOPEZ M" });
        await App.AdvanceAsync(Duration.FromSeconds(30));
        await App.Twilio.SmsAsync(customer, "My name is Maria Lopez");
        var lead = await App.LeadOfAsync(customer);
        Assert.Equal("My name is Maria Lopez", Assert.Single(await App.FactsAsync<CorrectionOffered>(lead.Id)).Text);
        Assert.Equal("LOPEZ M", lead.Name);
    }
}
