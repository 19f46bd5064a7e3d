using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Intake.Spool;
using LeadLedger.Leads;
using LeadLedger.Postgres;
using LeadLedger.Sending;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace LeadLedger.Tests.Intake;

/// <summary>Without its database the service keeps what it is sent, answers as usual, and says nothing to leads until all of it is in the ledger.</summary>
public sealed class DatabaseAwayTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "ING-34")]
    [Trait("Requirement", "I1")]
    [Trait("Requirement", "I2")]
    public async Task Every_webhook_is_kept_and_answered_at_once_and_is_in_the_ledger_when_the_database_is_back()
    {
        await using var app = await StartAsync();
        app.Log.Expect("");
        string[] people = [People.Next(), People.Next(), People.Next(), People.Next()];
        var call = new TestCall(people[1]);
        await DatabaseSwitch.SetAsync(app.ConnectionString, there: false);
        await app.Twilio.CallStatusAsync(new TestCall(people[0]), "no-answer", 0);

        var watch = Stopwatch.StartNew();
        var voice = await app.Twilio.VoiceAsync(call);
        var took = watch.Elapsed;
        var sms = await app.Twilio.SmsAsync(people[1], "Call me");
        var form = await app.Forms.WebsiteAsync("Maria Lopez", people[2]);
        var unreadable = await app.Forms.WebsiteAsync("Without any contact");
        var ghl = await app.Forms.GhlAsync($$"""{ "phone_number": "{{people[3]}}" }""");
        Assert.True(took < TimeSpan.FromSeconds(1), $"{took} for one answer");
        Assert.Contains("<Dial", voice.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<Message", sms.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, sms.Status);
        Assert.Equal((HttpStatusCode.Accepted, "{\"outcome\":\"kept\"}"), (form.Status, form.Body));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unreadable.Status);
        Assert.Equal(HttpStatusCode.Accepted, ghl.Status);
        Assert.Equal(6, app.Services.GetRequiredService<WebhookSpool>().Depth);
        var ready = await app.Http.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Contains("degraded", await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var received = app.Clock.Now;
        app.Clock.Set(received + Duration.FromMinutes(3));
        await DatabaseSwitch.SetAsync(app.ConnectionString, there: true);
        await DrainedAsync(app);
        var inbox = await app.InboxAsync();
        Assert.Equal(6, inbox.Count);
        Assert.Single(inbox, line => line.Outcome == "rejected");
        Assert.Equal(people.Order(), (await app.LeadsAsync()).Select(lead => lead.Phone).Order());
        var missed = await app.LeadOfAsync(people[0]);
        Assert.Equal(received, (await app.HistoryAsync(missed.Id))[0].Timestamp);
        await AssertBalancedAsync(app, spooled: 6);
    }

    [Fact]
    [Trait("Requirement", "I16")]
    public async Task A_stop_that_is_kept_reaches_the_ledger_before_any_text_leaves()
    {
        await using var app = await StartAsync();
        app.Log.Expect("");
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        Assert.Contains(await app.OutboxAsync(), line => line.Kind == WorkKinds.SendSms && line.State == OutboxStates.Pending);
        await DatabaseSwitch.SetAsync(app.ConnectionString, there: false);
        Assert.Equal(HttpStatusCode.OK, (await app.Twilio.SmsAsync(customer, "STOP")).Status);
        Assert.False(app.Services.GetRequiredService<TextGate>().IsOpen);

        await DatabaseSwitch.SetAsync(app.ConnectionString, there: true);
        await DrainedAsync(app);
        await app.AdvanceAsync(Duration.FromMinutes(10));
        var ack = Assert.Single(
            await app.OutboxAsync(WorkKinds.SendSms), line => line.EffectKey.EndsWith(Purposes.Acknowledgement, StringComparison.Ordinal));
        Assert.Equal(OutboxStates.Cancelled, ack.State);
        var lead = await app.LeadOfAsync(customer);
        Assert.NotEmpty(await app.FactsAsync<OptedOut>(lead.Id));
        Assert.NotEmpty(await app.FactsAsync<SmsWithheld>(lead.Id));
    }

    [Fact]
    [Trait("Requirement", "I16")]
    public async Task A_text_that_was_claimed_before_is_given_back_at_its_mark()
    {
        await using var app = await StartAsync();
        app.Log.Expect("Texts wait for other processes");
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        var claimed = await app.Services.GetRequiredService<OutboxClaims>().ClaimAsync(app.Clock.Now, 64, TestContext.Current.CancellationToken);
        var item = Assert.Single(claimed, row => row.Kind == WorkKinds.SendSms);
        var gate = app.Services.GetRequiredService<TextGate>();
        await SqlAsync(app, "insert into node values (gen_random_uuid(), gen_random_uuid(), now(), now() + interval '1 hour', 1)");
        await UntilAsync(() => !gate.IsOpen);
        await app.Services.GetServices<IOutboxHandler>().OfType<SendSmsHandler>().Single().HandleAsync(item, TestContext.Current.CancellationToken);
        Assert.Empty(app.Texts.To(customer));
        var given = Assert.Single(await app.OutboxAsync(WorkKinds.SendSms));
        Assert.Equal((OutboxStates.Pending, 0), (given.State, given.Attempts));

        await SqlAsync(app, "update node set spool_depth = 0 where spool_depth = 1");
        await UntilAsync(() => gate.IsOpen);
        await app.AdvanceAsync(Duration.FromSeconds(5));
        Assert.Single(app.Texts.To(customer));
    }

    [Fact]
    [Trait("Requirement", "I16")]
    public async Task Texts_wait_for_another_process_that_keeps_webhooks()
    {
        await using var app = await StartAsync();
        app.Log.Expect("Texts wait for other processes");
        await SqlAsync(app, "insert into node values (gen_random_uuid(), gen_random_uuid(), now(), now() + interval '1 hour', 2)");
        var gate = app.Services.GetRequiredService<TextGate>();
        await UntilAsync(() => !gate.IsOpen);
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.RunDueAsync();
        Assert.Empty(app.Texts.To(customer));

        await SqlAsync(app, "update node set spool_depth = 0 where spool_depth = 2");
        await UntilAsync(() => gate.IsOpen);
        await app.AdvanceAsync(Duration.FromSeconds(5));
        Assert.Single(app.Texts.To(customer));
    }

    [Fact]
    [Trait("Requirement", "I1")]
    public async Task What_one_process_kept_the_next_one_takes_in_and_a_copy_adds_nothing()
    {
        using var folder = new ScratchFolder();
        var data = folder.Below("data");
        var customer = People.Next();
        var call = new TestCall(customer);
        string connection;
        byte[] kept;
        var segment = Path.Combine(data, "spool", "1", "000000000001.spool");
        await using var owner = await StartAsync();
        connection = owner.ConnectionString;
        owner.Log.Expect("");
        await using (var first = await StartAsync(data, connection))
        {
            first.ChecksAtEnd = false;
            await DatabaseSwitch.SetAsync(connection, there: false);
            await first.Twilio.CallStatusAsync(call, "no-answer", 0);
            await first.Twilio.SmsAsync(customer, "Is anybody there?", sid: "SM00000000000000000000000000000077");
            Assert.Equal(2, first.Services.GetRequiredService<WebhookSpool>().Depth);
        }

        kept = await File.ReadAllBytesAsync(segment, TestContext.Current.CancellationToken);
        await DatabaseSwitch.SetAsync(connection, there: true);
        await using (var second = await StartAsync(data, connection))
        {
            second.Log.Expect("");
            await DrainedAsync(second);
            Assert.Equal(2, await second.CountAsync("inbox"));
        }

        // Killed between the commit and the cut: the segment is still there.
        Assert.False(File.Exists(segment));
        await File.WriteAllBytesAsync(segment, kept, TestContext.Current.CancellationToken);
        await using var third = await StartAsync(data, connection);
        third.Log.Expect("");
        var events = await third.CountAsync("mt_events");
        await DrainedAsync(third);
        Assert.Equal(2, await third.CountAsync("inbox"));
        Assert.Equal(events, await third.CountAsync("mt_events"));
        Assert.Equal(customer, (await third.LeadAsync()).Phone);
        Assert.False(File.Exists(segment));
    }

    [Fact]
    [Trait("Requirement", "I2")]
    public async Task A_full_spool_sends_senders_back_and_says_that_it_cannot_take_more()
    {
        await using var app = await StartAsync(null, null, "--LEADLEDGER_SPOOL_LIMIT_MB=1");
        app.Log.Expect("");
        await DatabaseSwitch.SetAsync(app.ConnectionString, there: false);
        var replies = new List<WebReply>();
        for (var post = 0; post < 6; post++)
        {
            replies.Add(await app.Forms.WebsiteAsync("Maria Lopez", People.Next(), message: new string('x', 200 * 1024)));
        }

        Assert.Equal(HttpStatusCode.Accepted, replies[0].Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, replies[^1].Status);
        Assert.False(string.IsNullOrEmpty(replies[^1].RetryAfter));
        var taken = replies.Count(reply => reply.Status == HttpStatusCode.Accepted);
        await DatabaseSwitch.SetAsync(app.ConnectionString, there: true);
        await DrainedAsync(app);
        Assert.Equal(taken, await app.CountAsync("inbox"));
    }

    [Fact]
    [Trait("Requirement", "I2")]
    public async Task Without_a_place_to_keep_anything_the_sender_is_told_to_come_back()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder.Below("data"));
        await File.WriteAllTextAsync(folder.Below("data", "spool"), "in the way", TestContext.Current.CancellationToken);
        await using var app = await StartAsync(folder.Below("data"));
        app.Log.Expect("");
        await DatabaseSwitch.SetAsync(app.ConnectionString, there: false);
        var reply = await app.Twilio.SmsAsync(People.Next(), "Call me");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.Status);
        Assert.False(string.IsNullOrEmpty(reply.RetryAfter));
        var ready = await app.Http.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        await DatabaseSwitch.SetAsync(app.ConnectionString, there: true);
        await UntilAsync(() => !app.Services.GetRequiredService<DatabaseWatch>().IsAway);
        Assert.Equal(0, await app.CountAsync("inbox"));
    }

    [Fact]
    [Trait("Requirement", "I2")]
    public async Task A_disk_that_does_not_answer_in_time_keeps_nobody_waiting_and_what_comes_again_is_taken_once()
    {
        await using var app = await StartWithAsync(SpoolTiming.Default with { DiskPatience = TimeSpan.Zero });
        app.Log.Expect("");
        await DatabaseSwitch.SetAsync(app.ConnectionString, there: false);
        var customer = People.Next();
        WebReply reply;
        var sent = 0;
        do
        {
            // A disk may be quicker than no time at all.
            reply = await app.Twilio.SmsAsync(customer, "Call me", sid: "SM00000000000000000000000000000078");
        }
        while (reply.Status == HttpStatusCode.OK && ++sent < 50);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.Status);
        Assert.False(string.IsNullOrEmpty(reply.RetryAfter));
        await DatabaseSwitch.SetAsync(app.ConnectionString, there: true);
        await DrainedAsync(app);
        Assert.Equal(HttpStatusCode.OK, (await app.Twilio.SmsAsync(customer, "Call me", sid: "SM00000000000000000000000000000078")).Status);
        Assert.Equal(1, await app.CountAsync("inbox"));
        Assert.Single(await app.LeadsAsync());
    }

    [Fact]
    public async Task A_service_that_starts_without_its_database_keeps_webhooks_and_opens_the_ledger_when_it_is_there()
    {
        var database = await postgres.CreateDatabaseAsync();
        await DatabaseSwitch.SetAsync(database, there: false);
        await using var app = await StartAsync(null, database);
        app.Log.Expect("");
        var customer = People.Next();
        Assert.Equal(HttpStatusCode.OK, (await app.Twilio.SmsAsync(customer, "Call me")).Status);
        await DatabaseSwitch.SetAsync(database, there: true);
        await DrainedAsync(app);
        Assert.Equal(customer, (await app.LeadAsync()).Phone);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/intake");
        request.Headers.Add("Authorization", $"Bearer {TestApp.AdminKey}");
        Assert.Equal(HttpStatusCode.OK, (await app.Http.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
    }

    private Task<TestApp> StartAsync(string? dataFolder = null, string? connectionString = null, params string[] settings) =>
        StartWithAsync(SpoolTiming.Default, dataFolder, connectionString, settings);

    private Task<TestApp> StartWithAsync(
        SpoolTiming timing, string? dataFolder = null, string? connectionString = null, params string[] settings) => TestApp.StartAsync(
        postgres, TestApp.WednesdayMorning, [], connectionString: connectionString, dataFolder: dataFolder,
        spool: timing with { Patience = TimeSpan.FromSeconds(20), Heartbeat = TimeSpan.FromMilliseconds(100) }, settings: settings);

    private static Task DrainedAsync(TestApp app) => UntilAsync(() =>
        app.Services.GetRequiredService<WebhookSpool>().Depth == 0 && app.Services.GetRequiredService<TextGate>().IsOpen);

    private static async Task UntilAsync(Func<bool> question) =>
        Assert.True(await Poll.UntilAsync(question, TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken), "it did not come to pass");

    private static async Task SqlAsync(TestApp app, string statement)
    {
        await using var command = app.Database.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task AssertBalancedAsync(TestApp app, int spooled)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/intake");
        request.Headers.Add("Authorization", $"Bearer {TestApp.AdminKey}");
        using var answer = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var account = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(0, (int)account["difference"]!);
        Assert.Equal(spooled, account["sources"]!.AsArray().Sum(source => (int)source!["spooled"]!));
        Assert.Equal(spooled, account["sources"]!.AsArray().Sum(source => (int)source!["accepted"]!));
        Assert.Equal(spooled, account["sources"]!.AsArray().Sum(
            source => source!["replayedFromSpool"]!.AsObject().Sum(kind => (int)kind.Value!)));
    }
}
