using LeadLedger.Leads;
using LeadLedger.Sending;
using LeadLedger.Tests.Support;
using NodaTime;

namespace LeadLedger.Tests.Sending;

/// <summary>The history itself proves it: no text to a number was begun after its opt-out.</summary>
public sealed class OptOutRaceTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "CON-13")]
    public async Task However_opt_outs_and_marks_race_in_two_processes_no_mark_follows_an_opt_out()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await using var second = await TestApp.StartAsync(postgres, TestApp.WednesdayMorning, [], connectionString: app.ConnectionString);
        var customers = Enumerable.Range(0, 120).Select(_ => People.Next()).ToArray();
        await Task.WhenAll(customers.Select(customer => app.Forms.WebsiteAsync("Maria Lopez", customer, null, "Roof")));
        var stops = customers.Select(customer => Task.Run(() => second.Twilio.SmsAsync(customer, "STOP", optOutType: "STOP")));
        await Task.WhenAll([app.RunDueAsync(), second.RunDueAsync(), .. stops]);
        await app.RunDueAsync();

        var marked = 0;
        foreach (var lead in await app.LeadsAsync())
        {
            var facts = (await app.HistoryAsync(lead.Id)).Select(recorded => recorded.Data).ToList();
            var mark = facts.FindIndex(fact => fact is SmsCalling);
            var optOut = facts.FindIndex(fact => fact is OptedOut);
            Assert.True(optOut >= 0 && mark < optOut, $"{lead.Phone}: mark {mark}, opt-out {optOut}");
            marked += mark >= 0 ? 1 : 0;
            Assert.Equal(mark >= 0 ? 1 : 0, app.Texts.To(lead.Phone!).Count + second.Texts.To(lead.Phone!).Count);
        }

        Assert.InRange(marked, 0, customers.Length);
    }

    [Fact]
    [Trait("Requirement", "C-22")]
    public async Task An_outage_of_twenty_minutes_sends_nothing_stale_and_leaves_one_thing_for_a_person()
    {
        await using var app = await TestApp.StartAsync(postgres);
        var customer = People.Next();
        app.Texts.OnlyTo = customer;
        app.Texts.Mode = TwilioMode.TooManyRequests;
        await app.Twilio.MissedCallAsync(new TestCall(customer));
        await app.AdvanceAsync(Duration.FromMinutes(20));
        app.Texts.Mode = TwilioMode.Ok;
        await app.AdvanceAsync(Duration.FromHours(3));

        Assert.Equal(4, app.Texts.To(customer).Count);
        Assert.DoesNotContain(app.Texts.To(customer), text => text.Taken);
        var waiting = Assert.Single((await app.GetAsync("/api/dead-letters")).Items());
        Assert.Equal(("send_sms", "parked"), (waiting.Text("kind"), waiting.Text("state")));
        var lead = await app.LeadAsync();
        Assert.Single(await app.FactsAsync<TaskOpened>(lead.Id));
        Assert.Contains("not delivered after 4 attempts", lead.Task!.Note, StringComparison.Ordinal);
        Assert.All(app.Texts.To(customer), text => Assert.InRange(text.ValiditySeconds, 1, 900));
    }
}
