using LeadLedger.EventStore.Outbox;
using LeadLedger.Leads;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace LeadLedger.Tests.Sending;

/// <summary>A text leaves once or not at all, and what is not certain is said to be.</summary>
public sealed class TextDeliveryTests(TestPostgres postgres)
{
    [Theory]
    [Trait("Requirement", "C-21")]
    [InlineData(TwilioMode.AcceptedAnswerLost)]
    [InlineData(TwilioMode.NothingDoneAnswerLost)]
    [InlineData(TwilioMode.ServerError)]
    [InlineData(TwilioMode.Malformed)]
    public async Task An_answer_that_proves_nothing_is_never_sent_again_and_a_person_is_told(TwilioMode mode)
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Texts.Lists.Mode = TwilioListMode.ServerError;
        var (customer, lead) = await MissedAsync(app, mode);
        await app.AdvanceAsync(Duration.FromMinutes(15));
        Assert.Single(app.Texts.To(customer));
        lead = await app.LeadAsync();
        Assert.Equal(("unconfirmed", null), (lead.Messages[0].State, lead.AcknowledgedAt));
        Assert.Contains("may not have arrived", lead.Task!.Note, StringComparison.Ordinal);
        Assert.Equal(OutboxStates.Unconfirmed, Assert.Single(await app.OutboxAsync("send_sms")).State);
    }

    [Fact]
    [Trait("Requirement", "C-21")]
    public async Task A_call_that_hangs_ends_at_its_deadline_with_an_unknown_outcome()
    {
        await using var app = await TestApp.StartAsync(postgres, TestApp.WednesdayMorning, [], TimeSpan.FromMilliseconds(300));
        app.Texts.Mode = TwilioMode.Hang;
        await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        await app.AdvanceAsync(Duration.FromMinutes(5));
        Assert.Equal("ambiguous", (await app.LeadAsync()).Messages[0].State);
        Assert.Equal(1, app.Texts.Requests.Count(text => text.To != "+12145550121"));
    }

    [Fact]
    [Trait("Requirement", "C-21")]
    public async Task An_answer_is_kept_until_the_database_takes_it()
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Log.Expect("");
        var away = app.Log.SeenAsync("The database is away");
        var customer = People.Next();
        app.Texts.Meanwhile = text => text.To == customer ? DatabaseSwitch.SetAsync(app.ConnectionString, there: false) : Task.CompletedTask;
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        var sending = app.AdvanceAsync(Duration.FromMinutes(1));
        await away.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await DatabaseSwitch.SetAsync(app.ConnectionString, there: true);
        await sending;
        var lead = await app.LeadOfAsync(customer);
        Assert.Equal("accepted", lead.Messages[0].State);
        Assert.NotNull(lead.AcknowledgedAt);
        Assert.Single(app.Texts.To(customer));
    }

    [Fact]
    [Trait("Requirement", "C-21")]
    public async Task The_status_callback_settles_a_text_whose_answer_was_lost()
    {
        await using var app = await TestApp.StartAsync(postgres);

        // Nothing but the callback can settle it.
        app.Texts.Lists.Mode = TwilioListMode.ServerError;
        var (customer, waiting) = await MissedAsync(app, TwilioMode.AcceptedAnswerLost);
        Assert.Equal("ambiguous", waiting.Messages[0].State);
        var text = Assert.Single(app.Texts.To(customer));
        Assert.True((await app.Twilio.SmsStatusAsync(text, "delivered")).IsSuccess);
        var lead = await app.LeadAsync();
        Assert.Equal(("delivered", text.Sid), (lead.Messages[0].State, lead.Messages[0].ProviderId));
        Assert.NotNull(lead.AcknowledgedAt);
        Assert.Equal(OutboxStates.Done, Assert.Single(await app.OutboxAsync("send_sms")).State);
    }

    [Fact]
    [Trait("Requirement", "ACK-17")]
    public async Task Status_callbacks_in_any_order_and_twice_end_in_delivered()
    {
        foreach (var order in (string[][])[["queued", "sent", "delivered"], ["delivered", "sent", "queued"], ["sent", "delivered", "delivered", "sent"]])
        {
            await using var app = await TestApp.StartAsync(postgres);
            var (customer, lead) = await MissedAsync(app, TwilioMode.Ok);
            foreach (var status in order)
            {
                Assert.True((await app.Twilio.SmsStatusAsync(Assert.Single(app.Texts.To(customer)), status)).IsSuccess);
            }

            Assert.Equal("delivered", (await app.LeadAsync()).Messages[0].State);
            Assert.Single(await app.FactsAsync<SmsRequested>(lead.Id));
            Assert.Single(await app.FactsAsync<SmsAccepted>(lead.Id));
            Assert.Single(await app.FactsAsync<SmsDelivered>(lead.Id));

            // What was passed is no news: the history never says "sent" after "delivered".
            Assert.Equal(order[0] == "delivered" ? 0 : 1, (await app.FactsAsync<SmsSent>(lead.Id)).Count);
        }
    }

    [Fact]
    [Trait("Requirement", "TST-06")]
    public async Task A_text_the_carrier_did_not_deliver_does_not_count_as_acknowledged()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (customer, _) = await MissedAsync(app, TwilioMode.Ok);
        Assert.NotNull((await app.LeadAsync()).AcknowledgedAt);
        await app.Twilio.SmsStatusAsync(Assert.Single(app.Texts.To(customer)), "undelivered", 30003);
        var lead = await app.LeadAsync();
        Assert.Equal((null, "failed", "30003"), (lead.AcknowledgedAt, lead.Messages[0].State, lead.Messages[0].Code));
        Assert.Contains("not delivered", lead.Task!.Note, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "CON-17")]
    public async Task A_provider_block_becomes_a_suppression()
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Texts.RejectCode = 21610;
        var (customer, lead) = await MissedAsync(app, TwilioMode.Reject);
        Assert.Equal("provider", Assert.Single(await app.FactsAsync<OptedOut>(lead.Id)).Via);
        await app.AdvanceAsync(Duration.FromHours(4));
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromMinutes(1));
        Assert.Single(app.Texts.To(customer));
        Assert.Equal([ReasonCodes.SuppressedByProvider], (await app.DecisionAsync(lead.Id)).Codes);
    }

    [Fact]
    [Trait("Requirement", "ACK-01")]
    public async Task A_retry_after_thirty_seconds_is_in_time_and_a_later_one_is_a_breach()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var (_, lead) = await MissedAsync(app, TwilioMode.TooManyRequests);
        Assert.Empty(await app.FactsAsync<AckSlaBreached>(lead.Id));
        Assert.NotNull((await app.LeadAsync()).AcknowledgedAt);

        await using var slow = await TestApp.StartAsync(postgres);
        var (_, late) = await MissedAsync(slow, TwilioMode.TooManyRequests, TwilioMode.TooManyRequests);
        await slow.AdvanceAsync(Duration.FromMinutes(3));
        var breach = Assert.Single(await slow.FactsAsync<AckSlaBreached>(late.Id));
        Assert.InRange(breach.Seconds, 135, 165);
        Assert.Equal(60, breach.TargetSeconds);
    }

    [Fact]
    [Trait("Requirement", "CON-13")]
    public async Task An_opt_out_between_request_and_sending_wins()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.Twilio.SmsAsync(customer, "STOP", optOutType: "STOP");
        await app.AdvanceAsync(Duration.FromMinutes(5));
        Assert.Empty(app.Texts.To(customer));
        var lead = await app.LeadAsync();
        Assert.Equal([ReasonCodes.SuppressedNumber], Assert.Single(await app.FactsAsync<SmsWithheld>(lead.Id)).Codes);
        Assert.Equal(OutboxStates.Cancelled, Assert.Single(await app.OutboxAsync("send_sms")).State);
    }

    [Fact]
    [Trait("Requirement", "CON-13")]
    public async Task An_opt_out_after_the_claim_and_before_the_mark_wins_too()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        var claims = (OutboxClaims)app.Services.GetService(typeof(OutboxClaims))!;
        var claimed = (await claims.ClaimAsync(app.Clock.Now, 64, CancellationToken.None)).Single(item => item.Kind == "send_sms");
        await app.Twilio.SmsAsync(customer, "STOP", optOutType: "STOP");
        var handler = ((IEnumerable<IOutboxHandler>)app.Services.GetService(typeof(IEnumerable<IOutboxHandler>))!).Single(h => h.Kinds.Contains("send_sms"));
        await handler.HandleAsync(claimed, CancellationToken.None);
        Assert.Empty(app.Texts.To(customer));
        Assert.Equal(OutboxStates.Cancelled, Assert.Single(await app.OutboxAsync("send_sms")).State);
    }

    [Fact]
    [Trait("Requirement", "I14")]
    public async Task A_worker_that_slept_through_its_lease_sends_nothing_and_the_one_that_took_over_sends_once()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        var handler = app.Services.GetServices<IOutboxHandler>().Single(h => h.Kinds.Contains("send_sms"));
        var slept = await ClaimAsync(app);
        app.Clock.Set(app.Clock.Now + OutboxTiming.Default.Lease + Duration.FromSeconds(1));
        await app.RecoverAsync();
        var tookOver = await ClaimAsync(app);

        await handler.HandleAsync(slept, TestContext.Current.CancellationToken);

        Assert.Equal((slept.Id, slept.Fence + 1), (tookOver.Id, tookOver.Fence));
        Assert.Empty(app.Texts.To(customer));
        Assert.Equal(OutboxStates.Claimed, Assert.Single(await app.OutboxAsync("send_sms")).State);
        await handler.HandleAsync(tookOver, TestContext.Current.CancellationToken);
        Assert.Single(app.Texts.To(customer));
        Assert.Equal("accepted", (await app.LeadAsync()).Messages[0].State);
    }

    [Fact]
    [Trait("Requirement", "CON-18")]
    public async Task A_retry_asks_for_permission_again()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        app.Texts.OnlyTo = customer;
        app.Texts.Next(TwilioMode.TooManyRequests);
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.RunDueAsync();
        await app.Twilio.SmsAsync(customer, "STOP", optOutType: "STOP");
        await app.AdvanceAsync(Duration.FromMinutes(10));
        Assert.Single(app.Texts.To(customer));
        Assert.Equal(OutboxStates.Cancelled, Assert.Single(await app.OutboxAsync("send_sms")).State);
    }

    [Fact]
    [Trait("Requirement", "C-22")]
    public async Task After_an_outage_of_twenty_minutes_nothing_stale_is_sent_and_a_person_has_it()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(20));
        await app.RunDueAsync();
        Assert.Empty(app.Texts.To(customer));
        var lead = await app.LeadAsync();
        Assert.Equal([ReasonCodes.StaleInquiry], Assert.Single(await app.FactsAsync<SmsWithheld>(lead.Id)).Codes);
        Assert.True(lead.HasOpenTask);
    }

    private static async Task<OutboxItem> ClaimAsync(TestApp app) =>
        (await app.Services.GetRequiredService<OutboxClaims>().ClaimAsync(app.Clock.Now, 64, TestContext.Current.CancellationToken))
        .Single(item => item.Kind == "send_sms");

    private static async Task<(string Customer, Lead Lead)> MissedAsync(TestApp app, params TwilioMode[] modes)
    {
        var customer = People.Next();
        app.Texts.OnlyTo = customer;
        app.Texts.Next(modes);
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromSeconds(40));
        return (customer, await app.LeadAsync());
    }
}
