using LeadLedger.EventStore.Outbox;
using LeadLedger.Leads;
using LeadLedger.Reconciling;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Reconciling;

/// <summary>A text whose answer was lost: it is never sent again, and its fate is found or a person is told.</summary>
public sealed class SettlementTests(TestPostgres postgres)
{
    private const string Doubt = "The text may not have arrived. Do not rely on it; call.";

    [Fact]
    [Trait("Requirement", "C-21")]
    public async Task A_text_that_was_taken_although_the_answer_was_lost_is_found_in_the_list()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = await InDoubtAsync(app, TwilioMode.AcceptedAnswerLost);
        var waiting = await app.LeadAsync();
        Assert.Equal(("ambiguous", null), (waiting.Messages[0].State, waiting.AcknowledgedAt));
        Assert.Equal(OutboxStates.Ambiguous, await StateAsync(app));

        await app.AdvanceAsync(Duration.FromSeconds(31));

        var text = Assert.Single(app.Texts.To(customer));
        var lead = await app.LeadAsync();
        Assert.Equal(("sent", text.Sid), (lead.Messages[0].State, lead.Messages[0].ProviderId));
        Assert.NotNull(lead.AcknowledgedAt);
        Assert.DoesNotContain("may not have", lead.Task!.Note ?? "", StringComparison.Ordinal);
        var settled = Assert.Single(await app.FactsAsync<SmsSettled>(lead.Id));
        Assert.Equal((SettledBy.ProviderList, false), (settled.By, settled.AfterUnconfirmed));
        Assert.Equal(OutboxStates.Done, await StateAsync(app));
        Assert.Empty(await app.FactsAsync<SmsUnconfirmed>(lead.Id));
        Assert.Contains("DateSent%3E=2026-11-18", Assert.Single(app.Texts.Lists.Requests), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "C-21")]
    public async Task A_text_that_was_never_taken_is_not_sent_again_and_becomes_one_piece_of_work_for_a_person()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = await InDoubtAsync(app, TwilioMode.NothingDoneAnswerLost);
        await app.AdvanceAsync(Duration.FromMinutes(14));
        Assert.Equal("ambiguous", (await app.LeadAsync()).Messages[0].State);

        await app.AdvanceAsync(Duration.FromHours(3));

        Assert.False(Assert.Single(app.Texts.To(customer)).Taken);
        var lead = await app.LeadAsync();
        Assert.Equal(("unconfirmed", null), (lead.Messages[0].State, lead.AcknowledgedAt));
        Assert.Single(await app.FactsAsync<SmsUnconfirmed>(lead.Id));
        Assert.Equal(Doubt, lead.Task!.Note);
        Assert.Single(await app.FactsAsync<TaskOpened>(lead.Id));
        Assert.Equal(OutboxStates.Unconfirmed, await StateAsync(app));
        Assert.Equal(OutboxStates.Done, Assert.Single(await app.OutboxAsync(SettleText.Kind)).State);
    }

    [Fact]
    [Trait("Requirement", "C-21")]
    public async Task The_clock_of_the_callback_keeps_running_while_a_text_is_in_doubt()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await InDoubtAsync(app, TwilioMode.NothingDoneAnswerLost);
        var due = (await app.LeadAsync()).Task!.DueAt;

        await app.AdvanceAsync(Duration.FromMinutes(45));

        var task = (await app.LeadAsync()).Task!;
        Assert.Equal(("team", due), (task.Rung, task.DueAt));
    }

    [Theory]
    [Trait("Requirement", "C-21")]
    [InlineData(TwilioListMode.TooManyRequests)]
    [InlineData(TwilioListMode.ServerError)]
    [InlineData(TwilioListMode.Malformed)]
    [InlineData(TwilioListMode.Endless)]
    public async Task A_list_that_cannot_be_had_is_asked_again_later(TwilioListMode mode)
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Texts.Lists.Mode = mode;
        await InDoubtAsync(app, TwilioMode.AcceptedAnswerLost);
        await app.AdvanceAsync(Duration.FromMinutes(6));
        Assert.Equal("ambiguous", (await app.LeadAsync()).Messages[0].State);
        Assert.Equal(3, app.Texts.Lists.Requests.Count);

        app.Texts.Lists.Mode = TwilioListMode.Ok;
        await app.AdvanceAsync(Duration.FromMinutes(5));

        Assert.Equal("sent", (await app.LeadAsync()).Messages[0].State);
    }

    [Fact]
    [Trait("Requirement", "C-21")]
    public async Task A_list_that_lags_is_asked_until_it_shows_the_text_also_after_a_person_was_told()
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Texts.Lists.Lag = Duration.FromMinutes(20);
        await InDoubtAsync(app, TwilioMode.AcceptedAnswerLost);
        await app.AdvanceAsync(Duration.FromMinutes(16));
        Assert.Equal(Doubt, (await app.LeadAsync()).Task!.Note);

        await app.AdvanceAsync(Duration.FromMinutes(50));

        var lead = await app.LeadAsync();
        Assert.Equal(("sent", "The text that was in doubt was sent after all."), (lead.Messages[0].State, lead.Task!.Note));
        Assert.True(Assert.Single(await app.FactsAsync<SmsSettled>(lead.Id)).AfterUnconfirmed);
    }

    [Fact]
    [Trait("Requirement", "TST-06")]
    public async Task A_text_that_the_list_shows_as_undelivered_is_no_acknowledgement_and_a_person_reads_why()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = await InDoubtAsync(app, TwilioMode.AcceptedAnswerLost);
        app.Texts.Lists.SetStatus(Assert.Single(app.Texts.To(customer)).Sid, "undelivered", 30003);

        await app.AdvanceAsync(Duration.FromMinutes(1));

        var lead = await app.LeadAsync();
        Assert.Equal(("failed", "30003", null), (lead.Messages[0].State, lead.Messages[0].Code, lead.AcknowledgedAt));
        Assert.Contains("not delivered", lead.Task!.Note, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "C-21")]
    public async Task A_late_callback_settles_a_text_that_was_given_up_and_says_so_on_the_task()
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Texts.Lists.Mode = TwilioListMode.ServerError;
        var customer = await InDoubtAsync(app, TwilioMode.AcceptedAnswerLost);
        await app.AdvanceAsync(Duration.FromHours(5));
        Assert.Equal(OutboxStates.Unconfirmed, await StateAsync(app));

        Assert.True((await app.Twilio.SmsStatusAsync(Assert.Single(app.Texts.To(customer)), "delivered")).IsSuccess);

        var lead = await app.LeadAsync();
        Assert.Equal(("delivered", "The text that was in doubt has arrived after all."), (lead.Messages[0].State, lead.Task!.Note));
        Assert.Equal(OutboxStates.Done, await StateAsync(app));
        await app.AdvanceAsync(Duration.FromHours(2));
        Assert.Single(await app.FactsAsync<SmsSettled>(lead.Id));
    }

    [Fact]
    [Trait("Requirement", "C-21")]
    public async Task A_callback_before_the_answer_of_the_create_settles_it_and_nothing_is_looked_for()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        app.Texts.OnlyTo = customer;
        app.Texts.Next(TwilioMode.AcceptedAnswerLost);
        app.Texts.Meanwhile = async text =>
        {
            if (text.To == customer)
            {
                Assert.True((await app.Twilio.SmsStatusAsync(text, "sent")).IsSuccess);
            }
        };
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromMinutes(20));

        var lead = await app.LeadAsync();
        Assert.Equal("sent", lead.Messages[0].State);
        Assert.Empty(await app.FactsAsync<SmsOutcomeUnknown>(lead.Id));
        Assert.Empty(app.Texts.Lists.Requests);
    }

    [Fact]
    [Trait("Requirement", "C-21")]
    public async Task A_call_whose_worker_died_is_looked_for_from_its_mark_on()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        var text = Assert.Single(await app.OutboxAsync("send_sms"));
        var body = System.Text.Json.JsonSerializer.Deserialize(text.Body, LedgerJsonContext.Default.SendSms)!;
        var claims = (OutboxClaims)app.Services.GetService(typeof(OutboxClaims))!;
        var claimed = (await claims.ClaimAsync(app.Clock.Now, 64, CancellationToken.None)).Single(item => item.Kind == "send_sms");
        await MarkAsync(app, claimed);
        app.Texts.Lists.Add(new TwinMessage("SM" + new string('d', 32), "outbound-api", body.From, customer, body.Body, app.Clock.Now + Duration.FromSeconds(1)));

        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(3));
        await app.RecoverAsync();
        Assert.Equal("ambiguous", (await app.LeadAsync()).Messages[0].State);
        await app.AdvanceAsync(Duration.FromMinutes(1));

        Assert.Equal(("sent", "SM" + new string('d', 32)), ((await app.LeadAsync()).Messages[0].State, (await app.LeadAsync()).Messages[0].ProviderId));
        Assert.Empty(app.Texts.To(customer));
    }

    [Fact]
    [Trait("Requirement", "C-21")]
    public async Task A_message_of_another_time_other_words_or_another_attempt_is_not_taken_for_it()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = await InDoubtAsync(app, TwilioMode.NothingDoneAnswerLost);
        var text = Assert.Single(app.Texts.To(customer));
        var marked = TestApp.WednesdayMorning;
        TwinMessage Listed(char name, Instant at, string? words = null, string direction = "outbound-api") =>
            new("SM" + new string(name, 32), direction, text.From, customer, words ?? text.Body, at) { Status = "sent" };
        app.Texts.Lists.Add(Listed('a', marked - Duration.FromMinutes(1)));
        app.Texts.Lists.Add(Listed('b', marked + Duration.FromMinutes(1)));
        app.Texts.Lists.Add(Listed('c', marked, text.Body + "."));
        app.Texts.Lists.Add(Listed('e', marked, null, "inbound"));
        app.Texts.Lists.Add(Listed('f', marked));
        await using (var taken = app.Database.CreateCommand("update outbox set provider_id = 'SM' || repeat('f', 32) where kind = 'alert_sms'"))
        {
            Assert.Equal(1, await taken.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }

        await app.AdvanceAsync(Duration.FromMinutes(16));

        Assert.Equal("unconfirmed", (await app.LeadAsync()).Messages[0].State);
    }

    [Fact]
    [Trait("Requirement", "C-21")]
    public async Task A_person_who_has_closed_the_task_by_then_is_not_given_another_one()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await InDoubtAsync(app, TwilioMode.NothingDoneAnswerLost);
        var lead = await app.LeadAsync();
        await app.ActAsync(lead.Id, session => session.Record(new TaskCompleted(lead.Task!.Id, TaskOutcomes.NoInterest, null, "dana")));

        await app.AdvanceAsync(Duration.FromMinutes(20));

        lead = await app.LeadAsync();
        Assert.Equal("unconfirmed", lead.Messages[0].State);
        Assert.False(lead.HasOpenTask);
    }

    [Fact]
    [Trait("Requirement", "C-21")]
    public async Task Where_no_task_is_open_one_is_opened()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await InDoubtAsync(app, TwilioMode.NothingDoneAnswerLost);
        var lead = await app.LeadAsync();
        await app.ActAsync(lead.Id, session => session.Record(new TaskCancelled(lead.Task!.Id, "for this test", "system")));

        await app.AdvanceAsync(Duration.FromMinutes(16));

        lead = await app.LeadAsync();
        Assert.Equal((true, Doubt), (lead.HasOpenTask, lead.Task!.Note));
    }

    [Fact]
    [Trait("Requirement", "C-21")]
    public async Task An_alert_whose_answer_was_lost_is_settled_by_its_callback_and_mail_took_over_at_once()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.Northside(file => file["staff"]![0]!["alertByEmail"] = false));
        app.Texts.OnlyTo = "+12145550121";
        app.Texts.Next(TwilioMode.AcceptedAnswerLost);
        await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        await app.AdvanceAsync(Duration.FromSeconds(1));
        Assert.Equal(OutboxStates.Ambiguous, Assert.Single(await app.OutboxAsync("alert_sms")).State);
        Assert.Single(await app.OutboxAsync("alert_email"));

        var alert = Assert.Single(app.Texts.To("+12145550121"));
        Assert.True((await app.Twilio.SmsStatusAsync(alert, "sent")).IsSuccess);
        await app.AdvanceAsync(Duration.FromMinutes(10));

        Assert.Equal(OutboxStates.Done, Assert.Single(await app.OutboxAsync("alert_sms")).State);
        Assert.True((await app.LeadAsync()).SmsSent);
        Assert.Single(app.Texts.To("+12145550121"), text => text.Body == alert.Body);
        Assert.Empty(await app.OutboxAsync(SettleText.Kind));
    }

    private static async Task<string> InDoubtAsync(TestApp app, TwilioMode mode)
    {
        var customer = People.Next();
        app.Texts.OnlyTo = customer;
        app.Texts.Next(mode);
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.RunDueAsync();
        return customer;
    }

    private static async Task<string> StateAsync(TestApp app) => Assert.Single(await app.OutboxAsync("send_sms")).State;

    private static Task MarkAsync(TestApp app, OutboxItem item) =>
        ((LeadLedger.Sending.OutboxWork)app.Services.GetService(typeof(LeadLedger.Sending.OutboxWork))!).CommitAsync(item, OutboxStates.Claimed, [], unit =>
        {
            unit.Change(LeadLedger.Sending.OutboxWork.To(item, OutboxStates.Calling));
            unit.Record(new OutboxAttempt(item.Id, item.Tenant, item.Fence, "mark", "a-token-of-this-test", "calling", null));
            return item;
        });
}
