using System.Collections.Concurrent;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Leads;
using LeadLedger.Pausing;
using LeadLedger.Sending;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Pausing;

/// <summary>A phone provider in trouble pauses the texts to leads, and nothing that is meant for people.</summary>
public sealed class BreakerTests(TestPostgres postgres)
{
    private const string Dana = "+12145550121";

    [Theory]
    [Trait("Requirement", "RTY-06")]
    [Trait("Requirement", "C-34")]
    [InlineData(TwilioMode.ServerError)]
    [InlineData(TwilioMode.TooManyRequests)]
    [InlineData(TwilioMode.NothingDoneAnswerLost)]
    public async Task A_provider_in_trouble_pauses_texts_to_leads_while_alerts_and_tasks_go_on(TwilioMode mode)
    {
        await using var app = await PausedAsync(mode);
        var attempts = app.Texts.Requests.Count(text => text.To != Dana);
        var alerts = app.Texts.To(Dana).Count;
        var customer = People.Next();

        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromSeconds(50));

        Assert.Empty(app.Texts.To(customer));
        Assert.Equal(attempts, app.Texts.Requests.Count(text => text.To != Dana));
        Assert.True(app.Texts.To(Dana).Count > alerts, "staff are alerted as ever");
        Assert.True((await app.LeadOfAsync(customer)).HasOpenTask);
        var row = (await app.OutboxAsync(WorkKinds.SendSms))[^1];
        Assert.Equal((OutboxStates.Pending, 0), (row.State, row.Attempts));
    }

    [Fact]
    [Trait("Requirement", "C-37")]
    public async Task A_pause_is_told_to_the_owner_once_and_so_is_its_end()
    {
        await using var app = await PausedAsync();
        await MissedAsync(app, 3);
        await app.AdvanceAsync(Duration.FromSeconds(30));
        Assert.Single(app.Mail.Mails, mail => mail.Subject.StartsWith("Paused:", StringComparison.Ordinal));
        Assert.DoesNotContain(app.Mail.Mails, mail => mail.Subject.StartsWith("Resumed:", StringComparison.Ordinal));

        app.Texts.Mode = TwilioMode.Ok;
        await app.AdvanceAsync(Duration.FromMinutes(5));

        Assert.Single(app.Mail.Mails, mail => mail.Subject.StartsWith("Paused:", StringComparison.Ordinal));
        Assert.Single(app.Mail.Mails, mail => mail.Subject.StartsWith("Resumed:", StringComparison.Ordinal));
        var facts = (await app.HistoryAsync(OperationsStream.Of("northside").Id)).Select(recorded => recorded.Data).ToArray();
        Assert.Single(facts.OfType<SendingPaused>());
        Assert.Equal("a probe went through", Assert.Single(facts.OfType<SendingResumed>()).Reason);
    }

    [Fact]
    [Trait("Requirement", "RTY-06")]
    public async Task One_real_text_finds_out_whether_the_way_is_clear_and_the_rest_follows_one_by_one()
    {
        await using var app = await PausedAsync();
        var customers = await MissedAsync(app, 4);
        app.Texts.Mode = TwilioMode.Ok;
        var times = new ConcurrentQueue<(string To, Instant At)>();
        app.Texts.Meanwhile = text =>
        {
            times.Enqueue((text.To, app.Clock.Now));
            return Task.CompletedTask;
        };

        await app.AdvanceAsync(Duration.FromSeconds(62));
        Assert.Single(times, sent => customers.Contains(sent.To));

        await app.AdvanceAsync(Duration.FromMinutes(1));
        var sent = times.Where(each => customers.Contains(each.To)).OrderBy(each => each.At).ToArray();
        Assert.Equal(customers.Order(), sent.Select(each => each.To).Order());
        Assert.All(sent.Zip(sent.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At >= Duration.FromSeconds(1), "a burst"));
    }

    [Fact]
    [Trait("Requirement", "RTY-06")]
    public async Task What_was_held_is_decided_again_and_not_flushed()
    {
        await using var app = await PausedAsync();
        var customers = await MissedAsync(app, 3);
        await app.Twilio.SmsAsync(customers[1], "STOP");
        var called = await app.LeadOfAsync(customers[2]);
        await app.ActAsync(called.Id, session => session.Record(new TaskCompleted(called.Task!.Id, "spoke", null, "dana")));
        app.Texts.Mode = TwilioMode.Ok;

        await app.AdvanceAsync(Duration.FromMinutes(3));

        Assert.Single(app.Texts.To(customers[0]));
        var stopped = await app.LeadOfAsync(customers[1]);
        Assert.Contains(
            Assert.Single(await app.FactsAsync<SmsWithheld>(stopped.Id)).Codes,
            code => code is ReasonCodes.SuppressedNumber or ReasonCodes.SuppressedByProvider);
        Assert.Null(stopped.AcknowledgedAt);
        Assert.Empty(app.Texts.To(customers[2]));
        Assert.Contains(ReasonCodes.TaskClosed, Assert.Single(await app.FactsAsync<SmsWithheld>(called.Id)).Codes);
    }

    [Fact]
    [Trait("Requirement", "RTY-06")]
    public async Task What_is_too_late_at_recovery_ends_expired_with_a_reason_and_a_person_is_told()
    {
        await using var app = await PausedAsync();
        var customers = await MissedAsync(app, 6);
        await app.AdvanceAsync(Duration.FromMinutes(25));
        var late = customers.Where(customer => app.Texts.To(customer).Count == 0).ToArray();
        Assert.NotEmpty(late);
        app.Texts.Mode = TwilioMode.Ok;

        var fresh = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(fresh));
        await app.AdvanceAsync(Duration.FromMinutes(12));

        Assert.Single(app.Texts.To(fresh));
        Assert.All(late, customer => Assert.Empty(app.Texts.To(customer)));
        foreach (var customer in late)
        {
            var lead = await app.LeadOfAsync(customer);
            Assert.Contains(ReasonCodes.StaleInquiry, Assert.Single(await app.FactsAsync<SmsWithheld>(lead.Id)).Codes);
            Assert.Equal(OutboxStates.Expired, Assert.Single(await app.OutboxAsync(WorkKinds.SendSms), row => row.Lead == lead.Id).State);
            Assert.True(lead.HasOpenTask);
            Assert.Contains("not sent", lead.Task!.Note, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Requirement", "RTY-06")]
    public async Task Each_probe_that_fails_makes_the_next_one_wait_longer_up_to_a_limit()
    {
        await using var app = await PausedAsync();
        for (var minute = 0; minute < 45; minute += 3)
        {
            await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
            await app.AdvanceAsync(Duration.FromMinutes(3));
        }

        var failed = await FactsAsync<SendingProbeFailed>(app);
        Assert.Equal([120, 240, 480, 600], failed.Take(4).Select(probe => probe.CoolingSeconds));
        Assert.All(failed.Skip(4), probe => Assert.Equal(600, probe.CoolingSeconds));
        Assert.Equal(failed.Count, (await FactsAsync<SendingProbeAllowed>(app)).Count);
    }

    [Fact]
    [Trait("Requirement", "RTY-06")]
    public async Task A_code_that_needs_a_person_pauses_at_once_and_stays_until_somebody_resumes()
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Log.Expect("paused itself");
        (app.Texts.Mode, app.Texts.RejectCode, app.Texts.OnlyTo) = (TwilioMode.Reject, 20003, null);
        await MissedAsync(app, 1);
        var mail = Assert.Single(app.Mail.Mails, mail => mail.Subject.StartsWith("Paused:", StringComparison.Ordinal));
        Assert.Contains("auth token", mail.Raw, StringComparison.Ordinal);

        app.Texts.Mode = TwilioMode.Ok;
        var customer = Assert.Single(await MissedAsync(app, 1));
        await app.AdvanceAsync(Duration.FromMinutes(10));
        Assert.Empty(app.Texts.To(customer));

        var key = await app.KeyAsync("staff");
        var answer = await app.PostAsync("/api/sending/resume", new { scope = "text:+12145550100", reason = "token corrected" }, key);
        Assert.Empty(answer.Items());
        await app.RunDueAsync();
        Assert.Single(app.Texts.To(customer));
    }

    [Fact]
    [Trait("Requirement", "RTY-06")]
    public async Task A_code_that_comes_only_with_the_status_callback_pauses_too()
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Log.Expect("paused itself");
        var customer = Assert.Single(await MissedAsync(app, 1));
        await app.Twilio.SmsStatusAsync(Assert.Single(app.Texts.To(customer)), "undelivered", 30034);

        var pause = Assert.Single((await app.GetAsync("/api/sending")).Items());

        Assert.Equal(("needs_person", "by_person", "30034"), (pause.Text("state"), pause.Text("resumes"), pause.Text("code")));
        Assert.Contains("Register the number", pause.Text("banner"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "RTY-06")]
    public async Task A_recipient_who_is_refused_says_nothing_of_the_provider()
    {
        await using var app = await TestApp.StartAsync(postgres);
        (app.Texts.Mode, app.Texts.RejectCode) = (TwilioMode.Reject, 21614);
        await MissedAsync(app, 8);
        Assert.Empty((await app.GetAsync("/api/sending")).Items());
    }

    [Fact]
    [Trait("Requirement", "RTY-06")]
    public async Task Two_processes_that_find_the_trouble_at_once_record_one_pause_and_both_wait()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await using var other = await TestApp.StartAsync(postgres, TestApp.WednesdayMorning, [], connectionString: app.ConnectionString);
        foreach (var each in (TestApp[])[app, other])
        {
            each.Log.Expect("paused itself");
            each.Texts.Mode = TwilioMode.ServerError;
        }

        for (var round = 0; round < 10; round++)
        {
            await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
            await other.Twilio.MissedCallAsync(new TestCall(People.Next()));
            await Task.WhenAll(app.RunDueAsync(), other.RunDueAsync());
        }

        Assert.Single(await FactsAsync<SendingPaused>(app));
        var sent = app.Texts.Requests.Count + other.Texts.Requests.Count;
        var customer = People.Next();
        await other.Twilio.MissedCallAsync(new TestCall(customer));
        await Task.WhenAll(app.RunDueAsync(), other.RunDueAsync());
        Assert.Empty(app.Texts.To(customer));
        Assert.Empty(other.Texts.To(customer));
        Assert.Equal(sent + 1, app.Texts.Requests.Count + other.Texts.Requests.Count);
    }

    [Fact]
    [Trait("Requirement", "RTY-06")]
    public async Task A_probe_whose_process_died_counts_as_failed_and_another_process_goes_on()
    {
        await using var app = await PausedAsync();
        await MissedAsync(app, 1);
        await app.AdvanceAsync(Duration.FromSeconds(58));
        app.Texts.Mode = TwilioMode.Ok;
        app.Clock.Set(app.Clock.Now + Duration.FromSeconds(3));

        // The wake lets the text through; then its worker dies with the row claimed and marked.
        var dispatcher = Service<OutboxDispatcher>(app);
        await dispatcher.RunDueAsync(TestContext.Current.CancellationToken);
        var probe = Assert.Single(await FactsAsync<SendingProbeAllowed>(app)).Work;
        await ExecuteAsync(app, $"update outbox set state = 'calling', fence = fence + 1, attempts = 1, lease_until = now() - interval '400 days' where id = '{probe}'");
        await app.RecoverAsync();
        await app.AdvanceAsync(Duration.FromSeconds(10));

        Assert.Single(await FactsAsync<SendingProbeFailed>(app));
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromMinutes(3));
        Assert.Single(app.Texts.To(customer));
        Assert.Empty((await app.GetAsync("/api/sending")).Items());
    }

    [Fact]
    [Trait("Requirement", "RTY-06")]
    public async Task A_probe_that_is_reported_as_delivered_before_the_provider_has_answered_ends_the_pause()
    {
        await using var app = await PausedAsync();
        var customer = Assert.Single(await MissedAsync(app, 1));
        app.Texts.Mode = TwilioMode.Ok;
        app.Texts.Meanwhile = text => text.To == customer ? app.Twilio.SmsStatusAsync(text, "delivered") : Task.CompletedTask;

        await app.AdvanceAsync(Duration.FromMinutes(2));

        Assert.Single(app.Texts.To(customer));
        Assert.Equal("a probe went through", Assert.Single(await FactsAsync<SendingResumed>(app)).Reason);
    }

    internal static async Task<string[]> MissedAsync(TestApp app, int count)
    {
        var customers = Enumerable.Range(0, count).Select(_ => People.Next()).ToArray();
        foreach (var customer in customers)
        {
            await app.Twilio.MissedCallAsync(new TestCall(customer));
            await app.RunDueAsync();
        }

        return customers;
    }

    internal static async Task<IReadOnlyList<T>> FactsAsync<T>(TestApp app) =>
        [.. (await app.HistoryAsync(OperationsStream.Of("northside").Id)).Select(recorded => recorded.Data).OfType<T>()];

    internal static async Task ExecuteAsync(TestApp app, string sql)
    {
        await using var command = app.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static T Service<T>(TestApp app)
        where T : notnull => Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<T>(app.Services);

    // Each missed call makes a text to the lead and one to Dana: the fifth that fails opens the breaker.
    private async Task<TestApp> PausedAsync(TwilioMode mode = TwilioMode.ServerError)
    {
        var app = await TestApp.StartAsync(postgres);
        app.Log.Expect("paused itself");
        app.Texts.Mode = mode;
        await MissedAsync(app, 3);
        Assert.Single(await FactsAsync<SendingPaused>(app));
        return app;
    }
}
