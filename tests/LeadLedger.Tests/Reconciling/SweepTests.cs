using System.Text.Json.Nodes;
using LeadLedger.Leads;
using LeadLedger.Reconciling;
using LeadLedger.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace LeadLedger.Tests.Reconciling;

/// <summary>Webhooks that never came are found in the provider's lists, once, honestly and without a stale text.</summary>
public sealed class SweepTests(TestPostgres postgres)
{
    [Fact]
    [Trait("Requirement", "BF-15")]
    public async Task When_a_tenth_of_the_callbacks_is_lost_the_sweep_finds_exactly_those()
    {
        await using var app = await TestApp.StartAsync(postgres);
        app.Texts.Lists.MostPerPage = 17;
        await SweepAsync(app);
        var lost = new List<string>();
        for (var index = 0; index < 100; index++)
        {
            var call = new TestCall(People.Next());
            app.Clock.Set(app.Clock.Now + Duration.FromSeconds(20));
            List(app, call, "no-answer");
            if (index % 10 == 3)
            {
                lost.Add(call.From);
            }
            else
            {
                await app.Twilio.MissedCallAsync(call);
            }

            await app.RunDueAsync();
        }

        Assert.Equal(90, (await app.LeadsAsync()).Count);
        app.Clock.Set(app.Clock.Now + Duration.FromHours(2));
        Assert.Equal(1, await SweepAsync(app));
        await app.AdvanceAsync(Duration.FromMinutes(1));

        var leads = await app.LeadsAsync();
        Assert.Equal(100, leads.Count);
        var late = leads.Where(lead => lost.Contains(lead.Phone!)).ToArray();
        Assert.Equal(10, late.Length);
        Assert.All(late, lead => Assert.StartsWith("Found late", lead.Task!.Note, StringComparison.Ordinal));
        Assert.All(lost, number => Assert.Empty(app.Texts.To(number)));
        foreach (var lead in late)
        {
            var recorded = (await app.HistoryAsync(lead.Id))[0];
            Assert.Equal((Reconciliation.Actor, Reconciliation.FoundBy), (recorded.Actor, ((CallMissed)recorded.Data).FoundBy));
            Assert.Contains(ReasonCodes.StaleInquiry, (await app.DecisionAsync(lead.Id)).Codes);
        }

        var report = Assert.Single((await app.GetAsync("/api/reconciliation")).Items());
        Assert.Equal((90, 10), (report.GetProperty("callsArrived").GetInt32(), report.GetProperty("callsFound").GetInt32()));

        var events = await app.CountAsync("mt_events");
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(5));
        Assert.Equal(1, await SweepAsync(app));
        Assert.Equal(events, await app.CountAsync("mt_events"));
        var totals = (await app.GetAsync("/api/reconciliation")).Json.GetProperty("totals");
        Assert.Equal((90, 10), (totals.GetProperty("callsArrived").GetInt32(), totals.GetProperty("callsFound").GetInt32()));
    }

    [Fact]
    [Trait("Requirement", "BF-15")]
    public async Task A_webhook_that_comes_after_the_sweep_is_a_known_replay()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await SweepAsync(app);
        var call = new TestCall(People.Next());
        var customer = People.Next();
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(1));
        List(app, call, "no-answer");
        app.Texts.Lists.Add(new TwinMessage("SMa1", "inbound", customer, TestBusiness.MainLine, "please call", app.Clock.Now));
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(6));
        await SweepAsync(app);
        Assert.Equal(2, (await app.LeadsAsync()).Count);
        var events = await app.CountAsync("mt_events");

        Assert.True((await app.Twilio.CallStatusAsync(call, "no-answer", 0)).IsSuccess);
        Assert.True((await app.Twilio.SmsAsync(customer, "please call", sid: "SMa1")).IsSuccess);

        Assert.Equal(events, await app.CountAsync("mt_events"));
        Assert.All(await app.InboxAsync(), line => Assert.Equal("accepted", line.Outcome));
    }

    [Fact]
    [Trait("Requirement", "BF-15")]
    public async Task What_came_by_itself_is_no_new_fact_however_it_came()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await SweepAsync(app);
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(1));
        var missed = new TestCall(People.Next());
        await app.Twilio.VoiceAsync(missed);
        await app.Twilio.DialAsync(missed, "no-answer");
        List(app, missed, "completed", 25);
        Leg(app, missed, "no-answer", null);
        var answered = new TestCall(People.Next());
        await app.Twilio.VoiceAsync(answered);
        await app.Twilio.DialAsync(answered, "completed", bridged: true, seconds: 60);
        List(app, answered, "completed", 80);
        Leg(app, answered, "completed", 60);
        await app.Twilio.SmsAsync(People.Next(), "hello", sid: "SMb1");
        app.Texts.Lists.Add(new TwinMessage("SMb1", "inbound", People.Next(), TestBusiness.MainLine, "hello", app.Clock.Now));
        var events = await app.CountAsync("mt_events");

        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(6));
        await SweepAsync(app);

        Assert.Equal(events, await app.CountAsync("mt_events"));
        var report = Assert.Single((await app.GetAsync("/api/reconciliation")).Items());
        Assert.Equal((2, 0), (report.GetProperty("callsArrived").GetInt32(), report.GetProperty("callsFound").GetInt32()));
        Assert.Equal((1, 0), (report.GetProperty("messagesArrived").GetInt32(), report.GetProperty("messagesFound").GetInt32()));
    }

    [Theory]
    [Trait("Requirement", "BF-15")]
    [InlineData("completed", 60, 0)]
    [InlineData("no-answer", null, 1)]
    [InlineData(null, null, 1)]
    public async Task A_call_of_which_nothing_came_is_missed_unless_its_leg_was_answered(string? leg, int? seconds, int leads)
    {
        await using var app = await TestApp.StartAsync(postgres);
        await SweepAsync(app);
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(1));
        var call = new TestCall(People.Next());
        List(app, call, "completed", 70);
        if (leg is not null)
        {
            Leg(app, call, leg, seconds);
        }

        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(6));
        await SweepAsync(app);
        await app.AdvanceAsync(Duration.FromMinutes(1));

        Assert.Equal(leads, (await app.LeadsAsync()).Count);
        Assert.Equal(1, Assert.Single((await app.GetAsync("/api/reconciliation")).Items()).GetProperty("callsFound").GetInt32());
    }

    [Fact]
    [Trait("Requirement", "BF-15")]
    public async Task An_opt_out_that_was_lost_suppresses_the_number_and_is_not_confirmed_late()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await SweepAsync(app);
        var customer = People.Next();
        app.Texts.Lists.Add(new TwinMessage("SMc1", "inbound", customer, TestBusiness.MainLine, "please stop texting me", app.Clock.Now));
        app.Texts.Lists.Add(new TwinMessage("SMc2", "inbound", customer, TestBusiness.MainLine, "ARRET", app.Clock.Now + Duration.FromSeconds(1)));
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(20));

        await SweepAsync(app);
        await app.AdvanceAsync(Duration.FromMinutes(5));

        Assert.Empty(app.Texts.To(customer));
        Assert.True((await app.LeadOfAsync(customer)).OptedOut);
    }

    [Fact]
    [Trait("Requirement", "BF-15")]
    public async Task A_list_that_cannot_be_had_leaves_the_interval_to_the_next_sweep()
    {
        await using var app = await TestApp.StartAsync(postgres);
        await SweepAsync(app);
        var call = new TestCall(People.Next());
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(1));
        List(app, call, "busy");
        foreach (var mode in (TwilioListMode[])[TwilioListMode.TooManyRequests, TwilioListMode.ServerError, TwilioListMode.Malformed,
            TwilioListMode.ForeignNextPage, TwilioListMode.LoopingNextPage])
        {
            app.Texts.Lists.Mode = mode;
            app.Clock.Set(app.Clock.Now + Duration.FromMinutes(5));
            Assert.Equal(1, await SweepAsync(app));
            var account = (await app.GetAsync("/api/reconciliation")).Json.GetProperty("accounts")[0];
            Assert.Equal("behind", account.Text("state"));
            Assert.NotNull(account.Text("problem"));
        }

        app.Texts.Lists.Mode = TwilioListMode.HostileItems;
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(5));
        Assert.Equal(1, await SweepAsync(app));

        Assert.Single(await app.LeadsAsync());
        var reply = await app.GetAsync("/api/reconciliation");
        Assert.Equal("on", reply.Json.GetProperty("accounts")[0].Text("state"));
        Assert.Equal(1, reply.Json.GetProperty("totals").GetProperty("callsFound").GetInt32());
    }

    [Fact]
    [Trait("Requirement", "BF-15")]
    public async Task An_interval_is_swept_by_one_however_many_try()
    {
        await using var app = await TestApp.StartAsync(postgres);
        Assert.Equal(1, (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SweepAsync(app)))).Sum());
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(5));
        Assert.Equal(1, (await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SweepAsync(app)))).Sum());
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(4));
        Assert.Equal(0, await SweepAsync(app));
    }

    [Fact]
    [Trait("Requirement", "BF-15")]
    public async Task What_happened_before_the_account_was_connected_or_on_numbers_of_others_is_nobodys_lead()
    {
        await using var app = await TestApp.StartAsync(postgres);
        List(app, new TestCall(People.Next()), "no-answer");
        app.Clock.Set(app.Clock.Now + Duration.FromHours(1));
        await SweepAsync(app);
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(1));
        List(app, new TestCall(People.Next(), "+12145550999"), "no-answer");
        app.Clock.Set(app.Clock.Now + Duration.FromMinutes(5));

        await SweepAsync(app);

        Assert.Empty(await app.LeadsAsync());
    }

    [Fact]
    [Trait("Requirement", "BF-15")]
    public async Task Without_credentials_the_sweep_does_not_run_and_says_so()
    {
        await using var app = await TestApp.StartAsync(postgres, TestBusiness.Northside(file => file["twilio"] = JsonNode.Parse(
            $$"""{ "accountSid": "{{TwilioWebhooks.SecondAccount}}", "authToken": { "env": "LEADLEDGER_TEST_TOKEN_THAT_IS_NOT_SET" } }""")));

        Assert.Equal(0, await SweepAsync(app));

        var account = (await app.GetAsync("/api/reconciliation", await app.KeyAsync("auditor"))).Json.GetProperty("accounts")[0];
        Assert.Equal("off", account.Text("state"));
        Assert.Contains("TWILIO_AUTH_TOKEN", account.Text("problem"), StringComparison.Ordinal);
        Assert.Empty(app.Texts.Lists.Requests);
    }

    private static Task<int> SweepAsync(TestApp app) => app.Services.GetRequiredService<Sweep>().RunDueAsync();

    private static void List(TestApp app, TestCall call, string status, int? seconds = null) => app.Texts.Lists.Add(
        new TwinCall(call.Sid, "inbound", call.From, call.To, status, app.Clock.Now - Duration.FromSeconds(30), app.Clock.Now) { Duration = seconds });

    private static void Leg(TestApp app, TestCall call, string status, int? seconds) => app.Texts.Lists.Add(
        new TwinCall(call.LegSid, "outbound-dial", call.From, "+12145550111", status, app.Clock.Now - Duration.FromSeconds(25), app.Clock.Now)
        {
            ParentSid = call.Sid,
            Duration = seconds,
        });
}
