using LeadLedger.EventStore.Outbox;
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

    [Fact]
    public async Task TST_02_a_form_and_then_a_call_of_the_same_number_are_one_lead_with_one_text_and_one_task()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Forms.WebsiteAsync("Maria Lopez", "(214) 555-7001", "maria@example.com", "Shingles came off");
        await app.AdvanceAsync(Duration.FromMinutes(10));
        await app.Twilio.MissedCallAsync(new TestCall(Customer));
        await app.AdvanceAsync(Duration.FromMinutes(4));

        var lead = await app.LeadAsync();
        Assert.Equal(["form website", "missed call"], lead.Sources.Keys);
        Assert.Equal(2, (await app.FactsAsync<IInquiry>(lead.Id)).Count);
        Assert.Single(app.Texts.To(Customer));
        Assert.Equal([ReasonCodes.AlreadyAcknowledged], (await app.DecisionAsync(lead.Id)).Codes);
        Assert.Single(await app.FactsAsync<TaskOpened>(lead.Id));
        Assert.True(lead.HasOpenTask);
        Assert.Equal(("high", 2), (lead.Task!.Priority, lead.Task.InquiryCount));
        Assert.Single(await app.FactsAsync<LeadRouted>(lead.Id));
        Assert.Equal(
            [("new_inquiry", "dana"), ("second_touch", "dana")],
            (await app.FactsAsync<OwnerAlertRequested>(lead.Id)).Select(alert => (alert.AlertKind, alert.Recipient)));
        Assert.Equal(2, app.Texts.To("+12145550121").Count);
    }

    [Fact]
    public async Task TST_03_two_people_on_one_number_stay_two_leads_and_one_opt_out_covers_both()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var first = (await app.Forms.WebsiteAsync("Maria Lopez", Customer, "maria@example.com", "Roof")).Lead;
        var second = (await app.Forms.WebsiteAsync("Peter Novak", Customer, "peter@example.com", "Gutter")).Lead;
        await app.AdvanceAsync(Duration.FromMinutes(1));
        Assert.NotEqual(first, second);
        Assert.Single(await app.FactsAsync<SharesContactPoint>(first));
        Assert.Single(await app.FactsAsync<SharesContactPoint>(second));
        Assert.Equal(first, Assert.Single(await app.FactsAsync<MergeSuggested>(second)).Other);
        Assert.Empty(await app.FactsAsync<LeadAbsorbed>(first));

        await app.Twilio.MissedCallAsync(new TestCall(Customer));
        await app.AdvanceAsync(Duration.FromMinutes(1));
        var pick = Assert.Single(await app.LeadsAsync(), lead => lead.Kind == LeadKind.NumberLevel);
        Assert.Equal("pick", pick.Task!.Kind);
        Assert.Equal(new[] { first, second }.Order(), pick.Task.Candidates.Order());
        Assert.Equal([1, 1], (await Task.WhenAll(app.LeadAsync(first), app.LeadAsync(second))).Select(lead => lead.InquiryCount));
        var sent = app.Texts.To(Customer).Count;
        Assert.DoesNotContain(app.Texts.To(Customer).Skip(1), text => text.Body.Contains("Maria", StringComparison.Ordinal));

        await app.Twilio.SmsAsync(Customer, "STOP", optOutType: "STOP");
        Assert.True((await app.LeadAsync(first)).OptedOut);
        Assert.True((await app.LeadAsync(second)).OptedOut);
        await app.AdvanceAsync(Duration.FromHours(5));
        await app.Forms.WebsiteAsync("Peter Novak", Customer, "peter@example.com", "Still waiting");
        await app.AdvanceAsync(Duration.FromMinutes(1));
        Assert.Equal([ReasonCodes.SuppressedByProvider], Normal((await app.DecisionAsync(second)).Codes));
        Assert.Equal(sent, app.Texts.To(Customer).Count);
    }

    [Fact]
    public async Task TST_04_withheld_callers_are_kept_apart_and_never_texted()
    {
        string[] spellings = ["+266696687", "+7378742833", "+8656696", "+2562533", "+86282452253", "anonymous", "Restricted", "unknown", ""];
        await using var app = await TestApp.StartAsync(postgres);
        var mailOnly = (await app.Forms.WebsiteAsync("Ann Ford", null, "ann@example.com", "No phone given")).Lead;
        foreach (var call in spellings.Concat(spellings).Select(from => new TestCall(from)))
        {
            await app.Twilio.VoiceAsync(call);
            await app.AdvanceAsync(Duration.FromSeconds(20));
            await app.Twilio.DialAsync(call, "no-answer");
            await app.Twilio.RecordingAsync(call);
        }

        await app.AdvanceAsync(Duration.FromMinutes(1));
        var unidentified = (await app.LeadsAsync()).Where(lead => lead.Kind == LeadKind.Unidentified).ToArray();
        Assert.Equal(2 * spellings.Length, unidentified.Length);
        Assert.Equal(1, (await app.LeadAsync(mailOnly)).InquiryCount);
        foreach (var lead in unidentified)
        {
            Assert.Empty(lead.ContactPoints);
            Assert.Equal([ReasonCodes.NumberWithheld], (await app.DecisionAsync(lead.Id)).Codes);
            Assert.Empty(await app.FactsAsync<SmsRequested>(lead.Id));
            Assert.Equal("voicemail_review", lead.Task!.Kind);
            Assert.Contains("No callback number", lead.Task.Note, StringComparison.Ordinal);
            Assert.Equal("voicemail", lead.Inquiries[0].Reason);
        }

        Assert.DoesNotContain(app.Texts.Requests, text => text.To != "+12145550121");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TST_05_a_closed_task_stops_its_ladder_and_a_new_inquiry_opens_a_new_one(bool completed)
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall(Customer));
        await app.AdvanceAsync(Duration.FromMinutes(5));
        var lead = await app.LeadAsync();
        await app.ActAsync(lead.Id, session => session.Record(completed
            ? new TaskCompleted(lead.Task!.Id, TaskOutcomes.Spoke, null, "dana")
            : new TaskCancelled(lead.Task!.Id, "called by mistake", "dana")));
        var alerts = (await app.FactsAsync<OwnerAlertRequested>(lead.Id)).Count;
        await app.AdvanceAsync(Duration.FromDays(4));

        Assert.Empty(await app.FactsAsync<TaskEscalated>(lead.Id));
        Assert.Equal(alerts, (await app.FactsAsync<OwnerAlertRequested>(lead.Id)).Count);
        Assert.Single(app.Texts.To(Customer));

        await app.Twilio.MissedCallAsync(new TestCall(Customer));
        await app.AdvanceAsync(Duration.FromMinutes(5));
        var again = await app.LeadAsync();
        Assert.NotEqual(lead.Task!.Id, again.Task!.Id);
        Assert.True(again.HasOpenTask);
        Assert.Equal("needs_callback", again.Status);
    }

    [Fact]
    public async Task TST_06_a_text_that_cannot_be_sent_is_tried_again_and_then_given_to_a_person()
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Texts.OnlyTo = Customer;
        app.Texts.Mode = TwilioMode.TooManyRequests;
        await app.Twilio.MissedCallAsync(new TestCall(Customer));
        await app.AdvanceAsync(Duration.FromMinutes(14));

        var lead = await app.LeadAsync();
        Assert.Equal(4, app.Texts.To(Customer).Count);
        Assert.Null(lead.AcknowledgedAt);
        Assert.Contains("not delivered", lead.Task!.Note, StringComparison.Ordinal);
        Assert.Equal(("failed", OutboxStates.Parked), (lead.Messages[0].State, Assert.Single(await app.OutboxAsync("send_sms")).State));
        Assert.Single(await app.FactsAsync<SmsFailed>(lead.Id));
        await app.AdvanceAsync(Duration.FromHours(2));
        Assert.Equal(4, app.Texts.To(Customer).Count);
    }

    [Fact]
    public async Task TST_06_an_opt_out_stops_every_text_until_the_person_opts_in()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall(Customer));
        await app.AdvanceAsync(Duration.FromMinutes(1));
        await app.Twilio.SmsAsync(Customer, " Stop. ", optOutType: "STOP");
        await app.AdvanceAsync(Duration.FromHours(5));
        await app.Twilio.MissedCallAsync(new TestCall(Customer));
        await app.AdvanceAsync(Duration.FromMinutes(1));
        var lead = await app.LeadAsync();
        Assert.Single(app.Texts.To(Customer));
        Assert.Equal("denied", (await app.DecisionAsync(lead.Id)).Outcome);
        Assert.Contains((await app.DecisionAsync(lead.Id)).Codes[0], (string[])[ReasonCodes.SuppressedNumber, ReasonCodes.SuppressedByProvider]);

        await app.Twilio.SmsAsync(Customer, "START", optOutType: "START");
        await app.Twilio.MissedCallAsync(new TestCall(Customer));
        await app.AdvanceAsync(Duration.FromMinutes(1));
        Assert.Equal(2, app.Texts.To(Customer).Count);
        Assert.Single(await app.FactsAsync<OptedIn>(lead.Id));
    }

    [Theory]
    [InlineData(CrmMode.AppliedAnswerLost)]
    [InlineData(CrmMode.NotAppliedAnswerLost)]
    [InlineData(CrmMode.ServerError)]
    public async Task TST_07_a_crm_whose_answer_is_lost_ends_with_one_record(CrmMode first)
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.WithCrm());
        app.Crm.Next(first, first);
        await app.Twilio.MissedCallAsync(new TestCall(Customer));
        await app.AdvanceAsync(Duration.FromMinutes(10));
        await app.Forms.WebsiteAsync("Maria Lopez", Customer, null, "Roof");
        await app.AdvanceAsync(Duration.FromMinutes(10));

        var lead = await app.LeadAsync();
        Assert.Equal(1, app.Crm.Creates);
        var record = Assert.Single(app.Crm.Records);
        Assert.Equal(lead.Id.ToString(), record.Key);
        Assert.Equal("Maria Lopez", record.Value.GetProperty("name").GetString());
        Assert.Equal(2, (await app.FactsAsync<CrmMirrorFailed>(lead.Id)).Count);
        Assert.Equal("crm-" + record.Key[..8], lead.ExternalIds["jobs"]);
        Assert.All(await app.OutboxAsync("mirror_lead"), row => Assert.Equal(OutboxStates.Done, row.State));
    }

    // Whether the provider or the word blocks it depends on who told us first; both are the same refusal here.
    private static string[] Normal(IEnumerable<string> codes) =>
        [.. codes.Where(code => code is not ReasonCodes.AlreadyAcknowledged).Select(code => code == ReasonCodes.SuppressedNumber ? ReasonCodes.SuppressedByProvider : code)];
}
