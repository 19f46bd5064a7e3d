using System.Net;
using LeadLedger.Backup;
using LeadLedger.EventStore.Outbox;
using LeadLedger.EventStore.Verification;
using LeadLedger.Leads;
using LeadLedger.Sending;
using LeadLedger.Tests.EventStore;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Backup;

/// <summary>What a restored or promoted database does; the timeline recorded is changed here, a real one is in BackupRestoreTests.</summary>
public sealed class SendingLockTests(TestPostgres postgres)
{
    private const string Earlier = "update server_seen set timeline = timeline + 40";

    // A text in doubt is looked up at the provider first.
    private static readonly Duration UntilSettled = Duration.FromMinutes(16);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Requirement", "I22")]
    public async Task After_a_restore_nothing_leaves_leads_are_taken_in_and_what_may_have_left_is_never_sent_again()
    {
        await using var before = await TestApp.StartAsync(postgres);
        var (doubtful, fresh) = (People.Next(), People.Next());
        await before.Twilio.MissedCallAsync(new TestCall(doubtful));
        await ExecuteAsync(before, Earlier);
        before.ChecksAtEnd = false;

        await using var app = await TestApp.StartAsync(postgres, before.Clock.Now + Duration.FromMinutes(1), [], connectionString: before.ConnectionString);
        await app.Twilio.MissedCallAsync(new TestCall(fresh));
        await WorkAsync(app);
        Assert.Empty(app.Texts.Requests);
        Assert.Equal(2, (await app.LeadsAsync()).Count);
        Assert.Equal("ambiguous", Assert.Single((await app.LeadOfAsync(doubtful)).Messages).State);
        var closed = (await app.GetAsync("/api/sending/lock")).Json;
        Assert.Equal("closed", closed.Text("sending"));
        Assert.Contains("timeline", closed.Text("reason")!, StringComparison.Ordinal);
        Assert.Equal("closed", (await app.GetAsync("/health/ready", null)).Json.Text("sending"));

        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(1));
        var released = await app.PutAsync("/api/sending/release", new { reason = "looked at everything" });
        Assert.Equal(HttpStatusCode.OK, released.Status);
        await WorkAsync(app);

        Assert.Single(app.Texts.To(fresh));
        await app.AdvanceAsync(UntilSettled);
        Assert.Empty(app.Texts.To(doubtful));
        Assert.Equal("unconfirmed", Assert.Single((await app.LeadOfAsync(doubtful)).Messages).State);
        Assert.Equal("open", released.Json.Text("sending"));
        var operation = released.Json.GetProperty("history")[0];
        Assert.Equal(("released", "looked at everything", "admin:environment"), (operation.Text("kind"), operation.Text("reason"), operation.Text("by")));
        Assert.Equal(HttpStatusCode.Conflict, (await app.PutAsync("/api/sending/release", new { reason = "again" })).Status);
    }

    [Fact]
    [Trait("Requirement", "I22")]
    public async Task A_text_that_is_asked_for_late_but_was_permitted_before_the_restore_is_not_sent_and_a_deferred_one_is()
    {
        var night = TestApp.WednesdayMorning + Duration.FromHours(12);
        await using var before = await TestApp.StartAsync(postgres, night, []);
        var deferred = People.Next();
        await before.Twilio.MissedCallAsync(new TestCall(deferred));
        await ExecuteAsync(before, Earlier);
        before.ChecksAtEnd = false;

        await using var app = await TestApp.StartAsync(postgres, night, [], connectionString: before.ConnectionString);
        await app.AdvanceAsync(Duration.FromHours(10) + Duration.FromMinutes(1));
        Assert.Empty(app.Texts.Requests);
        await app.PutAsync("/api/sending/release", new { reason = "morning" });
        await WorkAsync(app);

        Assert.Single(app.Texts.To(deferred));
    }

    [Fact]
    [Trait("Requirement", "I22")]
    public async Task A_text_whose_timer_fires_after_the_restore_counts_as_permitted_before_it()
    {
        var night = TestApp.WednesdayMorning + Duration.FromHours(12);
        await using var before = await TestApp.StartAsync(postgres, night, []);
        var number = People.Next();
        await before.Twilio.MissedCallAsync(new TestCall(number));
        await ExecuteAsync(before, Earlier);
        before.ChecksAtEnd = false;

        // The lost history sent it at eight; the restore comes a little later, and only then does the old timer fire.
        await using var app = await TestApp.StartAsync(postgres, night + Duration.FromHours(10) + Duration.FromMinutes(5), [], connectionString: before.ConnectionString);
        await WorkAsync(app);
        await app.PutAsync("/api/sending/release", new { reason = "morning" });
        await WorkAsync(app);
        await app.AdvanceAsync(UntilSettled);

        Assert.Empty(app.Texts.To(number));
        Assert.Equal("unconfirmed", Assert.Single((await app.LeadOfAsync(number)).Messages).State);
    }

    [Fact]
    [Trait("Requirement", "I22")]
    public async Task A_replica_promoted_under_a_running_service_closes_sending_with_the_first_new_connection()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var number = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(number));
        await ExecuteAsync(app, Earlier);
        app.Database.Clear();

        await WorkAsync(app);

        Assert.Empty(app.Texts.Requests);
        Assert.Equal("closed", (await app.GetAsync("/api/sending/lock")).Json.Text("sending"));
    }

    [Fact]
    public async Task An_ordinary_restart_leaves_sending_open()
    {
        await using var first = await TestApp.StartAsync(postgres);
        await using var second = await TestApp.StartAsync(postgres, TestApp.WednesdayMorning, [], connectionString: first.ConnectionString);

        Assert.Equal("open", (await second.GetAsync("/api/sending/lock")).Json.Text("sending"));
        Assert.Empty((await second.GetAsync("/api/sending/lock")).Json.GetProperty("history").EnumerateArray());
    }

    [Fact]
    public async Task A_hold_makes_work_wait_and_nothing_doubtful()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var number = People.Next();
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync("/api/sending/hold", new { reason = "checking" })).Status);
        await app.Twilio.MissedCallAsync(new TestCall(number));
        await WorkAsync(app);
        Assert.Empty(app.Texts.Requests);

        await app.PutAsync("/api/sending/release", new { reason = "checked" });
        await WorkAsync(app);

        Assert.Single(app.Texts.To(number));
    }

    [Theory]
    [InlineData("staff")]
    [InlineData("auditor")]
    [InlineData("admin")]
    public async Task Only_an_admin_of_the_whole_service_holds_or_releases(string role)
    {
        await using var app = await TestApp.StartAsync(postgres);
        var key = await app.KeyAsync(role);

        Assert.Equal(HttpStatusCode.Forbidden, (await app.PutAsync("/api/sending/hold", new { reason = "x" }, key)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.PutAsync("/api/sending/release", new { reason = "x" }, key)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PutAsync("/api/sending/hold", new { reason = " " })).Status);
    }

    [Fact]
    [Trait("Requirement", "I22")]
    public async Task Ending_every_pause_of_a_business_does_not_open_what_a_restore_closed()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Services.GetRequired<SendingLock>().CloseAfterRestoreAsync("a copy of last night", "operator:dana", Ct);
        var number = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(number));

        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync("/api/sending/resume", new { scope = "*", reason = "go on" })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync("/api/sending/resume", new { scope = "text", reason = "go on" })).Status);
        Assert.True((await app.PostAsync("/api/sending/pause", new { scope = "text", reason = "storm" })).IsSuccess);
        var left = Assert.Single((await app.PostAsync("/api/sending/resume", new { scope = "text", reason = "go on" })).Items());
        await app.AdvanceAsync(Duration.FromMinutes(1));

        Assert.Equal(
            ("*", "*", "a copy of last night", "by_person"),
            (left.Text("business"), left.Text("scope"), left.Text("reason"), left.Text("resumes")));
        Assert.Contains("leadledger release", left.Text("banner")!, StringComparison.Ordinal);
        Assert.Empty(app.Texts.Requests);
        Assert.Equal("closed", (await app.GetAsync("/api/sending/lock")).Json.Text("sending"));
    }

    [Fact]
    [Trait("Requirement", "I22")]
    public async Task Verifying_accepts_the_lock_and_rebuilding_leaves_it_closed()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var sending = app.Services.GetRequired<SendingLock>();
        await sending.CloseAfterRestoreAsync("a copy of last night", "operator:dana", Ct);
        Assert.True((await app.PostAsync("/api/sending/pause", new { scope = "text", reason = "storm" })).IsSuccess);

        var report = await new LedgerVerifier(app.Database, LeadStreams.Model).VerifyAsync(VerificationScope.Everything, cancellation: Ct);
        Assert.True(report.IsSound, string.Join('\n', report.Problems));

        // Something is wrong with the pause beside it, so that the rows are really made again.
        await ExecuteAsync(app, "update sending_hold set reason = 'changed' where stream_id is not null");
        await new Rebuilder(app.Database, LeadStreams.Model).RebuildAsync(cancellation: Ct);

        Assert.Equal("a copy of last night", (await sending.ClosedAsync(Ct))?.Reason);
        await using var command = app.Database.CreateCommand("select reason from sending_hold where stream_id is not null");
        Assert.Equal("storm", await command.ExecuteScalarAsync(Ct));
    }

    [Fact]
    [Trait("Requirement", "I22")]
    public async Task A_database_that_counts_fewer_starts_than_the_data_folder_closes_sending()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        using var folder = new ScratchFolder();
        var sending = new SendingLock(ledger.Database, new ManualClock(TestApp.WednesdayMorning));
        await StartCount.CountAsync(ledger.Database, sending, folder.Path, Ct);
        await StartCount.CountAsync(ledger.Database, sending, folder.Path, Ct);
        Assert.Null(await sending.ClosedAsync(Ct));

        await ledger.ExecuteAsync("update server_seen set starts = 1");
        await StartCount.CountAsync(ledger.Database, sending, folder.Path, Ct);
        Assert.Contains("went back", (await sending.ClosedAsync(Ct))!.Reason, StringComparison.Ordinal);

        await sending.ReleaseAsync("seen", "operator:dana", Ct);
        await StartCount.CountAsync(ledger.Database, sending, folder.Path, Ct);
        Assert.Null(await sending.ClosedAsync(Ct));
    }

    [Fact]
    public async Task What_is_not_due_yet_and_what_stays_inside_is_left_alone()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        var before = await app.OutboxAsync();

        await app.Services.GetRequired<SendingLock>().CloseAfterRestoreAsync("a copy of last night", "operator:dana", Ct);

        var after = await app.OutboxAsync();
        Assert.All(after.Where(line => line.DueAt > app.Clock.Now || line.Kind is WorkKinds.EscalateTask), line =>
            Assert.Equal(OutboxStates.Pending, line.State));
        Assert.Contains(after, line => line.DueAt > app.Clock.Now);
        Assert.All(after.Where(line => line.Kind == WorkKinds.SendSms), line => Assert.Equal(OutboxStates.Calling, line.State));
        Assert.Equal(before.Count, after.Count);
    }

    private static async Task WorkAsync(TestApp app)
    {
        await app.RunDueAsync();
        await app.RecoverAsync();
        await app.RunDueAsync();
    }

    private static async Task ExecuteAsync(TestApp app, string sql)
    {
        await using var command = app.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }
}

file static class Required
{
    public static T GetRequired<T>(this IServiceProvider services)
        where T : class => (T)services.GetService(typeof(T))!;
}
