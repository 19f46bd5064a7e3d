using LeadLedger.Leads;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Callbacks;

/// <summary>One task, one owner, one deadline, one ladder.</summary>
public sealed class LadderTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "C-17")]
    public async Task An_unclaimed_task_climbs_the_ladder_in_business_time_one_event_a_step()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var opened = app.Clock.Now;
        await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        await app.AdvanceAsync(Duration.FromDays(5));
        var lead = await app.LeadAsync();
        var steps = (await app.HistoryAsync(lead.Id)).Where(e => e.Data is TaskEscalated)
            .Select(e => (((TaskEscalated)e.Data).Rung, ((TaskEscalated)e.Data).Audience, e.Timestamp - opened)).ToArray();

        // Ten hours are open on a weekday: 24 of them from Wednesday 10:00 end on Friday at 14:00.
        Assert.Equal(
            [
                ("owner_again", "owner", Duration.FromMinutes(15)), ("team", "team", Duration.FromMinutes(30)),
                ("human_queue", "human_queue", Duration.FromHours(2)), ("business_owner", "business_owner", Duration.FromHours(52)),
            ],
            steps);
        Assert.Equal(("human", "business_owner"), (lead.Queue, lead.Task!.Rung));
        Assert.Contains(await app.FactsAsync<OwnerAlertRequested>(lead.Id), alert => alert is { AlertKind: "escalation", Recipient: "priya" });
    }

    [Fact]
    [Trait("Requirement", "TSK-05")]
    public async Task A_claimed_task_is_not_escalated_for_being_unclaimed()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        var lead = await app.LeadAsync();
        await app.ActAsync(lead.Id, session => session.Record(new TaskClaimed(lead.Task!.Id, "luis")));
        await app.AdvanceAsync(Duration.FromDays(5));
        Assert.Equal(["human_queue", "business_owner"], (await app.FactsAsync<TaskEscalated>(lead.Id)).Select(step => step.Rung));
        Assert.Equal("luis", (await app.LeadAsync()).Task!.Owner);
    }

    [Theory]
    [Trait("Requirement", "TSK-02")]
    [InlineData("2026-11-18T16:00:00Z", "2026-11-18T16:30:00Z")]
    [InlineData("2026-11-18T23:50:00Z", "2026-11-19T14:20:00Z")]
    [InlineData("2026-11-19T02:00:00Z", "2026-11-19T14:30:00Z")]
    [InlineData("2026-11-22T18:00:00Z", "2026-11-23T14:30:00Z")]
    public async Task A_task_is_due_after_half_an_hour_of_opening_time(string missed, string due)
    {
        await using var app = await TestApp.StartAsync(postgres, NodaTime.Text.InstantPattern.General.Parse(missed).Value, []);
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        var task = (await app.LeadAsync()).Task!;
        Assert.Equal(NodaTime.Text.InstantPattern.General.Parse(due).Value, task.DueAt);
        Assert.Equal((customer, app.Clock.Now, "dana", null), (task.Number, task.CalledAt, task.Owner, task.Queue));
    }

    [Fact]
    [Trait("Requirement", "TSK-14")]
    public async Task Every_lead_has_an_owner_or_a_queue_and_never_both_at_first()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.Northside(file => file.Remove("defaultOwner")));
        await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        await app.Twilio.MissedCallAsync(new TestCall(People.Next(), TestBusiness.StatusLine));
        await app.Twilio.MissedCallAsync(new TestCall("anonymous"));
        await app.Forms.WebsiteAsync("Ann Ford", null, "ann@example.com");
        await app.Twilio.SmsAsync(People.Next(), "Can you call me?");
        var leads = await app.LeadsAsync();
        Assert.Equal(5, leads.Count);
        Assert.All(leads, lead => Assert.True(lead.Owner is null != lead.Queue is null));
        Assert.All(leads, lead => Assert.True(lead.Task!.Owner is null != lead.Task.Queue is null));
    }

    [Fact]
    [Trait("Requirement", "TSK-13")]
    public async Task An_automated_text_closes_no_task()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromMinutes(1));
        await app.Twilio.SmsStatusAsync(Assert.Single(app.Texts.To(customer)), "delivered");
        var lead = await app.LeadAsync();
        Assert.True(lead.HasOpenTask);
        Assert.Equal("needs_callback", lead.Status);
    }
}
