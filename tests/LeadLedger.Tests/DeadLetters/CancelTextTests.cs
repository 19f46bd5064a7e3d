using System.Net;
using LeadLedger.EventStore.Outbox;
using LeadLedger.Leads;
using LeadLedger.Sending;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.DeadLetters;

/// <summary>A text that waits to go out by itself can be stopped by a person, with a reason, until it is handed over.</summary>
public sealed class CancelTextTests(TestPostgres postgres)
{
    // 22:00 in Chicago: the answer waits for the morning.
    private static readonly Instant Night = Instant.FromUtc(2026, 11, 19, 4, 0);

    [Fact]
    [Trait("Requirement", "SCR-04")]
    public async Task An_answer_that_waits_for_the_morning_is_cancelled_on_the_leads_page_and_never_leaves()
    {
        await using var app = await TestApp.StartAsync(postgres, Night, []);
        var customer = People.Next();
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        var lead = await app.LeadAsync();
        var work = Assert.Single(await app.OutboxAsync("reconsider_inquiry"));
        using var dana = await StaffBrowser.SignInAsync(app, "dana");
        foreach (var path in new[] { $"/leads/{lead.Id}", $"/callbacks/{lead.Task!.Id}" })
        {
            var page = await dana.GetAsync(path);
            Assert.Contains($"/leads/{lead.Id}/work/{work.Id}/cancel", page.Html, StringComparison.Ordinal);
            Assert.Contains("taking the callback, or closing it, ends the reminders", page.Html, StringComparison.Ordinal);
        }

        Assert.Contains("Say why", (await dana.PressAsync($"/leads/{lead.Id}/work/{work.Id}/cancel", ("reason", " "))).Decoded, StringComparison.Ordinal);
        Assert.Contains("does not go out", (await dana.PressAsync(
            $"/leads/{lead.Id}/work/{work.Id}/cancel", ("reason", "spoke to them in the shop"), ("back", $"/callbacks/{lead.Task!.Id}"))).Decoded, StringComparison.Ordinal);

        var fact = Assert.Single(await app.FactsAsync<WorkDiscarded>(lead.Id));
        Assert.Equal(("reconsider_inquiry", "dana", "spoke to them in the shop"), (fact.WorkKind, fact.By, fact.Reason));
        Assert.True((await app.LeadAsync(lead.Id)).HasOpenTask);
        Assert.DoesNotContain("/cancel\"", (await dana.GetAsync($"/leads/{lead.Id}")).Html, StringComparison.Ordinal);
        await app.AdvanceAsync(Duration.FromHours(14));
        Assert.Empty(app.Texts.To(customer));
        Assert.Equal(OutboxStates.Cancelled, Assert.Single(await app.OutboxAsync("reconsider_inquiry")).State);
        Assert.Contains("not-waiting", (await app.PutAsync($"/api/outbox/{work.Id}/cancellation", new { reason = "again" })).Json.Text("type"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "SCR-04")]
    public async Task A_text_that_is_about_to_leave_is_cancelled_and_the_lead_says_why_none_came()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        await app.PostAsync("/api/sending/pause", new { business = "northside", scope = "text", reason = "look first" });
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromSeconds(30));
        var lead = await app.LeadAsync();
        var work = Assert.Single(await app.OutboxAsync("send_sms"), row => row.State == OutboxStates.Pending);
        var key = await app.KeyAsync("staff", name: "dana");
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PutAsync($"/api/outbox/{work.Id}/cancellation", new { reason = "" }, key)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.PutAsync($"/api/outbox/{work.Id}/cancellation", new { reason = "x" }, await app.KeyAsync("auditor"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.PutAsync($"/api/outbox/{Guid.Empty}/cancellation", new { reason = "x" }, key)).Status);

        var reply = await app.PutAsync($"/api/outbox/{work.Id}/cancellation", new { reason = "they are here" }, key);

        Assert.Equal((HttpStatusCode.OK, "cancelled"), (reply.Status, reply.Json.Text("state")));
        var withheld = Assert.Single(await app.FactsAsync<SmsWithheld>(lead.Id));
        Assert.Equal([ReasonCodes.CancelledByStaff], withheld.Codes);
        Assert.Equal("withheld", (await app.LeadAsync(lead.Id)).Messages[0].State);
        Assert.Equal("staff:dana", (await app.HistoryAsync(lead.Id)).Last(recorded => recorded.Data is WorkDiscarded).Actor);
        await app.PostAsync("/api/sending/resume", new { business = "northside", scope = "text", reason = "looked" });
        await app.AdvanceAsync(Duration.FromMinutes(5));
        Assert.Empty(app.Texts.To(customer));
    }

    [Fact]
    public async Task Reminders_alerts_and_what_has_left_are_not_cancelled_here_and_the_refusal_says_what_ends_them()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        await app.AdvanceAsync(Duration.FromMinutes(1));
        var reminder = (await app.OutboxAsync("escalate_task")).First(row => row.State == OutboxStates.Pending);
        var refused = await app.PutAsync($"/api/outbox/{reminder.Id}/cancellation", new { reason = "x" });
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("when somebody takes it", refused.Json.Text("detail"), StringComparison.Ordinal);
        var sent = Assert.Single(await app.OutboxAsync("send_sms"));
        Assert.Contains("not-waiting", (await app.PutAsync($"/api/outbox/{sent.Id}/cancellation", new { reason = "x" })).Json.Text("type"), StringComparison.Ordinal);
        Assert.Empty(await app.FactsAsync<WorkDiscarded>((await app.LeadAsync()).Id));
    }
}
