using System.Text.Json.Nodes;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Leads;
using LeadLedger.Pausing;
using LeadLedger.Sending;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Pausing;

/// <summary>A CRM that is away: people are told at once in any case, and every lead ends as one record there.</summary>
public sealed class CrmPauseTests(TestPostgres postgres)
{
    [Theory]
    [Trait("Requirement", "BF-18")]
    [Trait("Requirement", "C-05")]
    [InlineData("hold")]
    [InlineData("ack_only")]
    public async Task A_crm_that_is_down_for_forty_minutes_costs_no_task_no_record_and_no_late_text(string policy)
    {
        await using var app = await StartAsync(policy);
        app.Crm.Mode = CrmMode.ServerError;
        var called = new Dictionary<string, Instant>(StringComparer.Ordinal);
        var texted = new Dictionary<string, Instant>(StringComparer.Ordinal);
        app.Texts.Meanwhile = text =>
        {
            lock (texted)
            {
                texted.TryAdd(text.To, app.Clock.Now);
            }

            return Task.CompletedTask;
        };
        for (var minute = 0; minute < 40; minute += 4)
        {
            var customer = People.Next();
            called[customer] = app.Clock.Now;
            await app.Twilio.MissedCallAsync(new TestCall(customer));
            await app.RunDueAsync();
            Assert.True((await app.LeadOfAsync(customer)).HasOpenTask);
            await app.AdvanceAsync(Duration.FromMinutes(4));
        }

        Assert.Empty(app.Crm.Records);
        app.Crm.Mode = CrmMode.Ok;
        await app.AdvanceAsync(Duration.FromMinutes(10));

        var leads = await app.LeadsAsync();
        Assert.Equal(called.Count, leads.Count);
        Assert.Equal(leads.Select(lead => lead.Id.ToString()).Order(), app.Crm.Records.Keys.Order());
        Assert.Equal(leads.Count, app.Crm.Creates);
        Assert.All(leads, lead => Assert.Equal(called[lead.Phone!], lead.Task!.OpenedAt));
        Assert.All(called.Where(call => texted.ContainsKey(call.Key)), call =>
            Assert.True(texted[call.Key] - call.Value <= Duration.FromMinutes(15), $"a stale text after {texted[call.Key] - call.Value}"));
        Assert.All(await app.OutboxAsync("mirror_lead"), row => Assert.Equal(OutboxStates.Done, row.State));
        Assert.Equal(policy == "hold" ? 2 : 1, (await BreakerTests.FactsAsync<SendingResumed>(app)).Count);
        if (policy == "ack_only")
        {
            Assert.All(called, call => Assert.Equal(call.Value, texted[call.Key]));
        }
        else
        {
            Assert.Contains(called.Keys, customer => !texted.ContainsKey(customer));
        }

        Assert.Empty((await app.GetAsync("/api/sending")).Items());
    }

    [Fact]
    [Trait("Requirement", "C-05")]
    public async Task While_the_crm_is_down_texts_wait_and_the_list_says_why()
    {
        await using var app = await StartAsync("hold");
        app.Crm.Mode = CrmMode.ServerError;
        await BreakerTests.MissedAsync(app, 3);
        var customer = Assert.Single(await BreakerTests.MissedAsync(app, 1));

        var pauses = (await app.GetAsync("/api/sending")).Items();

        Assert.Equal(["crm:jobs", "text"], pauses.Select(pause => pause.Text("scope")).Order());
        var texts = pauses.Single(pause => pause.Text("scope") == "text");
        Assert.Equal(("crm:jobs", "by_itself", 1), (texts.Text("cause"), texts.Text("resumes"), texts.GetProperty("waiting").GetInt32()));
        Assert.Contains("They resume by themselves with updates to the CRM 'jobs'", texts.Text("banner"), StringComparison.Ordinal);
        Assert.Empty(app.Texts.To(customer));
        Assert.Contains(app.Mail.Mails, mail => mail.Subject.Contains("CRM 'jobs' and automatic texts", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Requirement", "C-05")]
    public async Task A_person_may_let_texts_go_on_while_the_crm_is_still_down()
    {
        await using var app = await StartAsync("hold");
        app.Crm.Mode = CrmMode.ServerError;
        await BreakerTests.MissedAsync(app, 3);
        var customer = Assert.Single(await BreakerTests.MissedAsync(app, 1));

        Assert.True((await app.PostAsync("/api/sending/resume", new { scope = "text", reason = "speed matters more today" })).IsSuccess);
        await app.RunDueAsync();

        Assert.Single(app.Texts.To(customer));
        Assert.Equal("crm:jobs", Assert.Single((await app.GetAsync("/api/sending")).Items()).Text("scope"));
    }

    [Fact]
    [Trait("Requirement", "BF-18")]
    public async Task A_probe_is_first_in_its_lane_so_that_several_changes_of_one_lead_cannot_block_each_other()
    {
        await using var app = await StartAsync("ack_only");
        app.Crm.Mode = CrmMode.ServerError;
        var customer = Assert.Single(await BreakerTests.MissedAsync(app, 1));
        await app.AdvanceAsync(Duration.FromSeconds(40));
        var lead = await app.LeadOfAsync(customer);
        await app.ActAsync(lead.Id, session => session.Record(new TaskClaimed(lead.Task!.Id, "dana")));
        await app.RunDueAsync();
        Assert.Single(await BreakerTests.FactsAsync<SendingPaused>(app));

        // The first probe fails too; by the second, both changes of the lead are due, the later one first.
        await app.AdvanceAsync(Duration.FromMinutes(2));
        app.Crm.Mode = CrmMode.Ok;
        await app.AdvanceAsync(Duration.FromMinutes(10));

        Assert.Empty((await app.GetAsync("/api/sending")).Items());
        Assert.Single(app.Crm.Records);
        Assert.All(await app.OutboxAsync("mirror_lead"), row => Assert.Equal(OutboxStates.Done, row.State));
    }

    [Fact]
    public async Task A_crm_that_refuses_one_lead_pauses_nothing()
    {
        await using var app = await StartAsync("hold");
        app.Crm.Mode = CrmMode.Refused;
        await BreakerTests.MissedAsync(app, 5);
        Assert.Empty((await app.GetAsync("/api/sending")).Items());
        Assert.Equal(5, (await app.OutboxAsync(WorkKinds.SendSms)).Count(row => row.State == OutboxStates.Done));
    }

    private async Task<TestApp> StartAsync(string policy)
    {
        var file = TestBusiness.WithCrm();
        file["sending"] = new JsonObject { ["whenCrmIsDown"] = policy };
        var app = await TestApp.StartAsync(postgres, file);
        app.Log.Expect("paused itself");
        return app;
    }
}
