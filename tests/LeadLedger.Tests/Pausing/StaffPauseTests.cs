using LeadLedger.EventStore.Verification;
using LeadLedger.Leads;
using LeadLedger.Pausing;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Pausing;

/// <summary>Staff pause and resume by hand; everybody with a key sees it.</summary>
public sealed class StaffPauseTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "OBS-03")]
    public async Task Staff_pause_texts_see_what_waits_and_resume()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var staff = await app.KeyAsync("staff", name: "dana");
        Assert.True((await app.PostAsync("/api/sending/pause", new { scope = "text", reason = "storm: we call everybody" }, staff)).IsSuccess);
        var customers = await BreakerTests.MissedAsync(app, 2);
        await app.AdvanceAsync(Duration.FromMinutes(2));
        Assert.All(customers, customer => Assert.Empty(app.Texts.To(customer)));

        var list = await app.GetAsync("/api/sending", await app.KeyAsync("auditor"));
        var pause = Assert.Single(list.Items());
        Assert.Equal(
            ("text", "staff", "storm: we call everybody", "staff:dana", "by_person"),
            (pause.Text("scope"), pause.Text("cause"), pause.Text("reason"), pause.Text("by"), pause.Text("resumes")));
        Assert.Equal(2, pause.GetProperty("waiting").GetInt32());
        Assert.Equal(
            "Automatic texts to customers are paused: storm: we call everybody. They wait until somebody resumes them.",
            list.Json.GetProperty("banners")[0].GetString());

        Assert.Empty((await app.PostAsync("/api/sending/resume", new { scope = "text", reason = "the storm is over" }, staff)).Items());
        await app.AdvanceAsync(Duration.FromSeconds(5));
        Assert.All(customers, customer => Assert.Single(app.Texts.To(customer)));
        Assert.DoesNotContain(app.Mail.Mails, mail => mail.Subject.StartsWith("Paused:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_auditor_reads_and_changes_nothing()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var auditor = await app.KeyAsync("auditor");
        Assert.Equal(403, (int)(await app.PostAsync("/api/sending/pause", new { scope = "text", reason = "x" }, auditor)).Status);
        Assert.Equal(403, (int)(await app.PostAsync("/api/sending/resume", new { scope = "text", reason = "x" }, auditor)).Status);
        Assert.Empty((await app.GetAsync("/api/sending", auditor)).Items());
    }

    [Theory]
    [InlineData("alert:email", "x", "scope")]
    [InlineData("*", "x", "scope")]
    [InlineData("text:+12145559999", "x", "scope")]
    [InlineData(null, "x", "scope")]
    [InlineData("text", " ", "reason")]
    [InlineData("text", null, "reason")]
    public async Task What_is_meant_for_people_cannot_be_paused_and_a_reason_is_needed(string? scope, string? reason, string field)
    {
        await using var app = await TestApp.StartAsync(postgres);
        var answer = await app.PostAsync("/api/sending/pause", new { scope, reason });
        Assert.Equal(400, (int)answer.Status);
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task Pausing_twice_is_pausing_once_and_resuming_what_is_not_paused_is_said()
    {
        await using var app = await TestApp.StartAsync(postgres);
        for (var i = 0; i < 2; i++)
        {
            Assert.Single((await app.PostAsync("/api/sending/pause", new { scope = "text", reason = "lunch" })).Items());
        }

        Assert.Single(await BreakerTests.FactsAsync<SendingPaused>(app));
        Assert.Equal(404, (int)(await app.PostAsync("/api/sending/resume", new { scope = "text:+12145550100", reason = "x" })).Status);
    }

    [Fact]
    public async Task A_pause_of_one_business_is_none_of_another()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.Northside(), TestBusiness.Lakeside());
        Assert.Equal(400, (int)(await app.PostAsync("/api/sending/pause", new { scope = "text", reason = "lunch" })).Status);
        await app.PostAsync("/api/sending/pause", new { scope = "text", reason = "lunch", business = "lakeside" });
        var customer = Assert.Single(await BreakerTests.MissedAsync(app, 1));
        Assert.Single(app.Texts.To(customer));
        Assert.Empty((await app.GetAsync("/api/sending", await app.KeyAsync("staff"))).Items());
    }

    [Fact]
    public async Task A_hold_that_no_fact_accounts_for_is_found_by_verify_and_put_right_by_rebuild()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.PostAsync("/api/sending/pause", new { scope = "text", reason = "lunch" });
        var verifier = new LedgerVerifier(app.Database, LeadStreams.Model);
        Assert.Empty((await verifier.VerifyAsync(VerificationScope.Everything, cancellation: TestContext.Current.CancellationToken)).Problems);

        await BreakerTests.ExecuteAsync(app, "delete from sending_hold");
        Assert.Contains("the hold on text is missing", Assert.Single((await verifier.VerifyAsync(VerificationScope.Everything, cancellation: TestContext.Current.CancellationToken)).Problems).What, StringComparison.Ordinal);
        await new Rebuilder(app.Database, LeadStreams.Model).RebuildAsync(cancellation: TestContext.Current.CancellationToken);
        Assert.Empty((await verifier.VerifyAsync(VerificationScope.Everything, cancellation: TestContext.Current.CancellationToken)).Problems);

        await BreakerTests.ExecuteAsync(app, "update sending_hold set scope = 'crm'");
        Assert.Equal(2, (await verifier.VerifyAsync(VerificationScope.Everything, cancellation: TestContext.Current.CancellationToken)).Problems.Count);
        await new Rebuilder(app.Database, LeadStreams.Model).RebuildAsync(cancellation: TestContext.Current.CancellationToken);
        Assert.Empty((await verifier.VerifyAsync(VerificationScope.Everything, cancellation: TestContext.Current.CancellationToken)).Problems);
        var customer = Assert.Single(await BreakerTests.MissedAsync(app, 1));
        Assert.Empty(app.Texts.To(customer));
    }

    [Fact]
    public async Task A_hold_set_by_other_means_is_listed_and_left_alone()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await BreakerTests.ExecuteAsync(
            app, "insert into sending_hold (tenant_id, scope, reason, since, set_by) values ('*', '*', 'restored from a backup', '2026-11-18 16:00+00', 'restore')");
        var pause = Assert.Single((await app.GetAsync("/api/sending")).Items());
        Assert.Equal(("other", "restored from a backup"), (pause.Text("cause"), pause.Text("reason")));
        Assert.Empty((await new LedgerVerifier(app.Database, LeadStreams.Model).VerifyAsync(VerificationScope.Everything, cancellation: TestContext.Current.CancellationToken)).Problems);
        await BreakerTests.ExecuteAsync(app, "delete from sending_hold");
    }
}
