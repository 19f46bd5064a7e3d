using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Reading;

/// <summary>The status page and the list of leads that slipped.</summary>
public sealed class GetStatusTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "RTY-07")]
    public async Task What_was_given_up_is_an_alarm_to_every_role_until_nobody_waits()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        await app.RunDueAsync();
        Assert.Empty((await app.GetAsync("/api/status", await app.KeyAsync("auditor"))).Json.GetProperty("alarms").EnumerateArray());

        await ExecuteAsync(app, "update outbox set state = 'parked', finished_at = null where kind = 'send_sms'");
        await ExecuteAsync(app, "insert into sending_hold values ('northside', 'crm:hubspot', 'it is being moved', now(), 'staff:dana')");
        var status = (await app.GetAsync("/api/status", await app.KeyAsync("staff"))).Json;

        Assert.Equal(["work_parked", "sending_held"], status.GetProperty("alarms").EnumerateArray().Select(alarm => alarm.Text("name")));
        Assert.Equal(1, status.GetProperty("work").EnumerateArray().Single(work => work.Text("state") == "parked").GetProperty("count").GetInt32());
        Assert.Equal("crm:hubspot", status.GetProperty("holds")[0].Text("scope"));
        Assert.Equal(0, status.GetProperty("process").GetProperty("deliveriesUnderWay").GetInt32());
        await ExecuteAsync(app, "update outbox set state = 'done', finished_at = now() where kind = 'send_sms'");
        await ExecuteAsync(app, "delete from sending_hold");
        Assert.Empty((await app.GetAsync("/api/status")).Json.GetProperty("alarms").EnumerateArray());
    }

    [Fact]
    [Trait("Requirement", "RTY-12")]
    public async Task A_lead_without_a_task_and_without_anything_scheduled_is_stuck_and_one_with_either_is_not()
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.ChecksAtEnd = false;
        await app.Twilio.MissedCallAsync(new TestCall(People.Next()));
        await app.RunDueAsync();
        var lead = await app.LeadAsync();
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(20));
        Assert.Empty((await app.GetAsync("/api/leads/stuck")).Items());

        await ExecuteAsync(app, "update mt_doc_leadview set data = data - 'task'");
        Assert.Empty((await app.GetAsync("/api/leads/stuck")).Items());

        await ExecuteAsync(app, "update outbox set state = 'parked' where state = 'pending'");
        Assert.Equal([lead.Id], (await app.GetAsync("/api/leads/stuck")).Ids());
        Assert.Empty((await app.GetAsync("/api/leads/stuck?olderThanMinutes=25")).Items());
        Assert.Equal(1, (await app.GetAsync("/api/status")).Json.GetProperty("stuckLeads").GetInt32());
        Assert.Equal(400, (int)(await app.GetAsync("/api/leads/stuck?olderThanMinutes=soon")).Status);
    }

    private static async Task ExecuteAsync(TestApp app, string sql)
    {
        await using var command = app.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
